"""The description of the API for tests: operations, a body that fits, whether a reply is what it says."""
import re

DATE = re.compile(r'\d{4}-\d\d-\d\d$')
TIME = re.compile(r'\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$')


class Document:
    def __init__(self, doc):
        self.doc = doc

    def operations(self):
        for path, ways in self.doc['paths'].items():
            for method, about in ways.items():
                if isinstance(about, dict) and 'responses' in about:
                    yield method.upper(), path, about

    def schema(self, s):
        while '$ref' in s:
            at = self.doc
            for piece in s['$ref'].split('/')[1:]:
                at = at[piece]
            s = at
        return s

    def body_schema(self, about):
        """None: no body, or bytes"""
        content = about.get('requestBody', {}).get('content', {}).get('application/json')
        return self.schema(content['schema']) if content else None

    def reply_schema(self, about):
        content = about['responses'].get('2XX', {}).get('content', {}).get('application/json')
        return self.schema(content['schema']) if content else None

    def example(self, s, every=False, text='x'):
        """A value that fits; every: with the members that may be missing, too."""
        s = self.schema(s)
        kind = s.get('type')
        kind = kind[0] if isinstance(kind, list) else kind
        if 'enum' in s:
            return s['enum'][0]
        if kind == 'object':
            want = s.get('properties', {}) if every else s.get('required', [])
            return {name: self.example(s['properties'][name], every, text) for name in want}
        if kind == 'array':
            return [self.example(s['items'], every, text)]
        if kind == 'integer':
            return s.get('minimum', 1)
        if kind == 'boolean':
            return True
        if kind == 'string':
            if s.get('format') in ('date', 'date-time'):
                return '2099-04-01' if s['format'] == 'date' else '2099-04-01T10:00:00+09:00'
            return (text * max(1, s.get('minLength', 1)))[:s.get('maxLength')]
        return {}

    def misfit(self, s, v, where='reply'):
        """None, or what is wrong with a value."""
        s = self.schema(s)
        kinds = s.get('type')
        if kinds is None:
            return None
        kinds = kinds if isinstance(kinds, list) else [kinds]
        if v is None:
            return None if 'null' in kinds else f'{where} is null'
        kind = kinds[0]
        python = {'object': dict, 'array': list, 'string': str, 'integer': int, 'boolean': bool}[kind]
        if not isinstance(v, python) or kind == 'integer' and isinstance(v, bool):
            return f'{where} is no {kind}'
        if 'enum' in s and v not in s['enum']:
            return f'{where} is none of its words'
        form = {'date': DATE, 'date-time': TIME}.get(s.get('format'))
        if form and kind == 'string' and not form.match(v):
            return f'{where} is no {s["format"]}'
        if kind == 'array':
            return next((m for i, x in enumerate(v) if (m := self.misfit(s['items'], x, f'{where}[{i}]'))), None)
        if kind != 'object':
            return None
        known = s.get('properties', {})
        for name in s.get('required', []):
            if name not in v:
                return f'{where}.{name} is missing'
        for name, x in v.items():
            if name not in known:
                return None if s.get('additionalProperties') is not False else f'{where}.{name} is not described'
            if m := self.misfit(known[name], x, f'{where}.{name}'):
                return m
        return None
