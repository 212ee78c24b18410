/* The invitation that calendars take: iCalendar (RFC 5545), METHOD REQUEST or CANCEL (RFC 5546). A calendar is
 * outside of the gate, so nothing in it says who or which case: the thread's number stands for it.
 * Times are those of Japan with a time zone of its own, which has one offset since 1951. */
#include "chat.h"

#include <libical/ical.h>
#include <stdio.h>

enum { JAPAN = 9 * 3600 };

static struct icaltimetype wall(int64_t ms, int64_t offset)
{
	struct icaltimetype t =
	    icaltime_from_timet_with_zone((time_t)(ms / 1000 + offset), 0, NULL);

	t.zone = NULL;
	return t;
}

static struct icaltimetype utc(int64_t ms)
{
	return icaltime_from_timet_with_zone((time_t)(ms / 1000), 0,
					     icaltimezone_get_utc_timezone());
}

static icalcomponent *zone(void)
{
	icalcomponent *z = icalcomponent_new(ICAL_VTIMEZONE_COMPONENT);
	icalcomponent *s = icalcomponent_new(ICAL_XSTANDARD_COMPONENT);

	icalcomponent_add_property(z, icalproperty_new_tzid("Asia/Tokyo"));
	icalcomponent_add_property(
	    s, icalproperty_new_dtstart(icaltime_from_string("19700101T000000")));
	icalcomponent_add_property(s, icalproperty_new_tzoffsetfrom(JAPAN));
	icalcomponent_add_property(s, icalproperty_new_tzoffsetto(JAPAN));
	icalcomponent_add_property(s, icalproperty_new_tzname("JST"));
	icalcomponent_add_component(z, s);
	return z;
}

static void at(icalcomponent *e, icalproperty *p)
{
	icalproperty_add_parameter(p, icalparameter_new_tzid("Asia/Tokyo"));
	icalcomponent_add_property(e, p);
}

/* "mailto:" and what was given; printable ASCII, cut. */
static const char *address(struct hub_str mail, char out[200])
{
	size_t n = (size_t)snprintf(out, 200, "mailto:");

	if (mail.len == 0)
		return "invalid:nomail"; /* as calendars write it when there is none */
	for (size_t i = 0; i < mail.len && n < 199; i++)
		if (mail.ptr[i] > ' ' && mail.ptr[i] < 0x7f)
			out[n++] = mail.ptr[i];
	out[n] = '\0';
	return out;
}

static void people(icalcomponent *e, const struct meeting *m)
{
	char text[200], name[200];

	icalproperty *p = icalproperty_new_organizer(address(m->organiser_mail, text));
	snprintf(name, sizeof name, "%.*s", (int)m->organiser_agency.len, m->organiser_agency.ptr);
	icalproperty_add_parameter(p, icalparameter_new_cn(name));
	icalcomponent_add_property(e, p);
	for (uint32_t i = 0; i < m->attendees; i++) {
		p = icalproperty_new_attendee(address(m->attendee[i], text));
		icalproperty_add_parameter(p, icalparameter_new_rsvp(ICAL_RSVP_FALSE));
		icalcomponent_add_property(e, p);
	}
}

/* Text of any length as a C string in the memory of the call. */
static const char *z(const struct ask *a, struct hub_str s)
{
	char *p = a->desk->alloc(a->call, s.len + 1);

	if (p && s.len)
		memcpy(p, s.ptr, s.len);
	return p ? p : "";
}

static icalcomponent *event(const struct ask *a, const struct meeting *m)
{
	icalcomponent *e = icalcomponent_new(ICAL_VEVENT_COMPONENT);
	char text[300];

	snprintf(text, sizeof text, "%lld-%lld-%lld@%.*s", (long long)m->created_at,
		 (long long)m->thread, (long long)m->poll, (int)m->domain.len, m->domain.ptr);
	icalcomponent_add_property(e, icalproperty_new_uid(text));
	icalcomponent_add_property(e, icalproperty_new_dtstamp(utc(m->changed_at)));
	icalcomponent_add_property(e, icalproperty_new_created(utc(m->created_at)));
	icalcomponent_add_property(e, icalproperty_new_lastmodified(utc(m->changed_at)));
	icalcomponent_add_property(e, icalproperty_new_sequence((int)m->sequence));
	at(e, icalproperty_new_dtstart(wall(m->starts, JAPAN)));
	at(e, icalproperty_new_dtend(wall(m->ends, JAPAN)));
	/* 支援会議（事案 T-12） */
	snprintf(text, sizeof text, "%.*s\xef\xbc\x88\xe4\xba\x8b\xe6\xa1\x88 T-%lld\xef\xbc\x89",
		 (int)m->kind.len, m->kind.ptr, (long long)m->thread);
	icalcomponent_add_property(e, icalproperty_new_summary(text));
	if (m->place.len)
		icalcomponent_add_property(e, icalproperty_new_location(z(a, m->place)));
	icalcomponent_add_property(e, icalproperty_new_class(ICAL_CLASS_CONFIDENTIAL));
	icalcomponent_add_property(
	    e,
	    icalproperty_new_status(m->cancelled ? ICAL_STATUS_CANCELLED : ICAL_STATUS_CONFIRMED));
	people(e, m);
	return e;
}

int calendar_write(const struct ask *a, const struct meeting *m, struct hub_str *out)
{
	icalcomponent *c = icalcomponent_new(ICAL_VCALENDAR_COMPONENT);

	icalcomponent_add_property(c, icalproperty_new_version("2.0"));
	icalcomponent_add_property(c, icalproperty_new_prodid("-//Tsunagi//chat 1.0//JA"));
	icalcomponent_add_property(
	    c, icalproperty_new_method(m->cancelled ? ICAL_METHOD_CANCEL : ICAL_METHOD_REQUEST));
	icalcomponent_add_component(c, zone());
	icalcomponent_add_component(c, event(a, m));
	char *text = icalcomponent_as_ical_string_r(c);
	const size_t n = text ? strlen(text) : 0;
	char *copy = a->desk->alloc(a->call, n + 1);

	if (copy && n)
		memcpy(copy, text, n);
	icalmemory_free_buffer(text);
	icalcomponent_free(c);
	if (!copy || n == 0)
		return chat_no_memory(a);
	*out = (struct hub_str){copy, n};
	return HUB_OK;
}
