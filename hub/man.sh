#!/bin/sh
# Prints tsunagi(1), made of what the commands say of themselves, so that it cannot be out of date; the exit codes
# are the first table of the page on operating.
# usage: hub/man.sh PROGRAM en|ja
set -eu
program=$1 lang=$2
export TSUNAGI_LANG="$lang"

if [ "$lang" = ja ]; then
	synopsis=書式 overview=概要 commands=コマンド environment=環境変数 exits=終了コード see=関連項目
	variables='TSUNAGI_STORE	--store を書かないときの保存先
TSUNAGI_ACTOR	操作した人（処理と監査の記録に残る。省略時はログイン名）
TSUNAGI_KEYS	提供先ごとの秘密鍵のファイル
TSUNAGI_LANG	ja または en（省略時はロケール）
TSUNAGI_HOME	schemas/ と mappings/ のあるフォルダ
TSUNAGI_PLUGINS	プラグインのフォルダ（: で区切る）'
	page=docs/operating.ja.md and='。'
else
	synopsis=SYNOPSIS overview=OVERVIEW commands=COMMANDS environment=ENVIRONMENT exits='EXIT STATUS' see='SEE ALSO'
	variables='TSUNAGI_STORE	store of commands without --store
TSUNAGI_ACTOR	who works, in runs and in the audit log (default: login name)
TSUNAGI_KEYS	file with the secret keys of recipients
TSUNAGI_LANG	ja or en (default: locale)
TSUNAGI_HOME	folder with schemas/ and mappings/
TSUNAGI_PLUGINS	folders of plugins, separated by :'
	page=docs/operating.md and=': '
fi

text() { sed -e 's/\\/\\e/g' -e "s/^[.']/\\\\\&&/" -e 's/-/\\-/g'; }
literal() { printf '.nf\n'; text; printf '.fi\n'; }
table() { printf '%s\n' "$1" | text | awk -F'\t' '{ print ".TP\n.B " $1; print $2 }'; }

codes=$(sed -n 's/^| \([0-9][0-9]*\) | \([^|]*[^ |]\) *| *\([^|]*\)|$/\1\t\2'"$and"'\3/p' "$page" | sed 's/[：: 。]*$//; s/`//g')
[ -n "$codes" ] || { echo "man.sh: no exit codes in $page" >&2; exit 1; }
version=$("$program" version | sed 's/^tsunagi \([^ ]*\).*/\1/')
printf '.TH TSUNAGI 1 "" "tsunagi %s"\n.SH NAME\n' "$version"
"$program" help | sed -n 1p | text
printf '.SH %s\n.B tsunagi\n.I COMMAND\n[\n.I OPTIONS\n]\n.SH %s\n' "$synopsis" "$overview"
"$program" help | sed -n '4,$p' | literal
printf '.SH %s\n' "$commands"
TSUNAGI_LANG=en "$program" help | sed -n 's/^  \([a-z][a-z-]*\) .*/\1/p' | while read -r c; do
	printf '.SS tsunagi %s\n' "$c"
	"$program" "$c" --help | literal
done
printf '.SH "%s"\n' "$environment"
table "$variables"
printf '.SH "%s"\n' "$exits"
table "$codes"
printf '.SH "%s"\n/usr/share/doc/tsunagi/\n' "$see"
