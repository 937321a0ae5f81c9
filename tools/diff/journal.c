// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * journal.c - the comparison as entries of the journal, one for each change, with fields that
 * journalctl can select by. docs/pcigate-diff.8 describes them.
 *
 * The entries are written in journald's own protocol, a datagram each: libsystemd would load
 * libgcrypt and more at each start of the command, and logger(1) is a process for each entry.
 */
#include "diff.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <syslog.h>
#include <unistd.h>

static const struct sockaddr_un journald = { .sun_family = AF_UNIX,
					     .sun_path = "/run/systemd/journal/socket" };

/* No text of a field has a line feed: then "NAME=TEXT" needs no length. */
static void put_at(FILE *entry, const char *name, const struct diff_function *function)
{
	char text[BDF_TEXT];

	if (function)
		fprintf(entry, "%s=%s\n", name, bdf_text(function->at, text));
}

static void put_fields(const struct diff_change *change, FILE *entry)
{
	const struct diff_function *known = change->old ? change->old : change->new;
	char id[DIFF_VALUE_TEXT];

	fprintf(entry, "PRIORITY=%d\nPCIGATE_CHANGE=%s\nPCIGATE_PATH=%s\nPCIGATE_ID=%s\n",
		change->state < DIFF_NEW ? LOG_ERR : LOG_WARNING, diff_state_text(change->state),
		known->path, diff_value_text(PG_FIELD_ID, known->identity.vendor_device, id));
	put_at(entry, "PCIGATE_BDF", known);
	put_at(entry, "PCIGATE_FROM", change->old);
	put_at(entry, "PCIGATE_TO", change->new);
}

/*
 * The message has several lines, so its length is before it: 64 bits, little-endian, as here. The
 * unit's LogExtraFields has PCIGATE, too, but journald cannot add it if the process has ended.
 */
static void put_message(const char *text, size_t size, FILE *entry)
{
	uint64_t len = size && text[size - 1] == '\n' ? size - 1 : size;

	fputs("SYSLOG_IDENTIFIER=pcigate\nPCIGATE=baseline\nMESSAGE\n", entry);
	fwrite(&len, sizeof(len), 1, entry);
	fwrite(text, 1, len, entry);
	fputc('\n', entry);
}

/* Sends the entry @number of the changes and, after these, of the twins; the last is the summary.
 */
static bool send_entry(const struct diff *diff, const struct options *options, uint32_t number,
		       int to)
{
	const uint32_t changes = diff->nr - diff->counts[DIFF_SAME];
	char *message = NULL, *entry = NULL;
	size_t message_size, entry_size;
	FILE *text = open_memstream(&message, &message_size);
	FILE *out = text ? open_memstream(&entry, &entry_size) : NULL;
	bool good = out;

	if (good && number < changes) {
		diff_text_change(diff, &diff->changes[number], options, text);
		put_fields(&diff->changes[number], out);
	} else if (good) {
		if (number - changes < diff->nr_twins)
			diff_text_twins(&diff->twins[number - changes], options, text);
		else
			diff_text_summary(diff, text);
		fprintf(out, "PRIORITY=%d\n", LOG_NOTICE);
	}
	if (text && fclose(text))
		good = false;
	if (good)
		put_message(message, message_size, out);
	if (out && fclose(out))
		good = false;
	good = good && sendto(to, entry, entry_size, MSG_NOSIGNAL,
			      (const struct sockaddr *)&journald, sizeof(journald)) >= 0;
	free(message);
	free(entry);
	return good;
}

int diff_journal(const struct diff *diff, const struct options *options)
{
	const uint32_t nr = diff->nr - diff->counts[DIFF_SAME] + diff->nr_twins + 1;
	int to = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0), status = 0;

	for (uint32_t i = 0; i < nr && !status; i++) {
		if (!send_entry(diff, options, i, to))
			status = complain("%s: %s", journald.sun_path, strerror(errno));
	}
	if (to >= 0)
		close(to);
	return status;
}
