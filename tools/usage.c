// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * usage.c - the help of check, show and plan, which share their options.
 */
#include "usage.h"

#include "cli.h"

#define CHECK 1u
#define SHOW 2u
#define PLAN 4u

#define CAPTURE_TEXT                                                                               \
	"CAPTURE is a flattened device tree (.dtb), docs/capture.md; \"-\" is standard input. A\n" \
	"gzip file is decompressed. Compile text with dtc: dtc -q -O dtb FILE | pcigate check -\n"

static const struct {
	const char *name;
	unsigned int bit;
	const char *text;
} commands[] = {
	{ "check", CHECK,
	  "usage: pcigate check [OPTION]... [CAPTURE]\n\n"
	  "Prints the report and the verdict. Without CAPTURE it prints this kernel's verdict on "
	  "a\n"
	  "kexec now, as root (" LIVE_VERDICT_PATH ").\n\n" CAPTURE_TEXT },
	{ "show", SHOW,
	  "usage: pcigate show [OPTION]... [CAPTURE]\n"
	  "       pcigate show --efi [--json] [FILE]\n\n"
	  "Draws what the outgoing kernel recorded and what config space says now. CAPTURE may\n"
	  "also be the tree that one kernel records for the next. Without CAPTURE it is the one\n"
	  "that this kernel received, with the stage's report,\n" OWN_RECORD_PATH
	  ".\n\n" CAPTURE_TEXT },
	{ "plan", PLAN,
	  "usage: pcigate plan [OPTION]... [FILE]\n\n"
	  "Draws the bus numbers of today and of the next kernel. FILE is a capture, or the "
	  "output\n"
	  "of lspci -xxxx, as root; a gzip file is decompressed; \"-\" is standard input. Without\n"
	  "FILE it plans for this host, as root.\n" },
};

static const struct {
	unsigned int commands;
	const char *text;
} options[] = {
	{ CHECK | SHOW | PLAN, "      --cmdline LINE     the next kernel's command line\n" },
	{ CHECK | SHOW | PLAN, "      --append WORDS     add WORDS to it, before a \"--\"\n" },
	{ PLAN, "  -F, --file FILE        FILE must be the output of lspci -xxx or -xxxx\n" },
	{ PLAN, "      --preserve DEVICES judge as if they were preserved: a list with commas of\n"
		"                         [[DOMAIN:]BUS:]DEV.FN, paths (0000:00:1c.0/00.0),\n"
		"                         driver:NAME, class:HEX; repeatable\n" },
	{ PLAN,
	  "      --root FIRST-LAST  a root bus of the output of lspci, and the last bus behind\n"
	  "                         it: [DOMAIN:]80-fe; repeatable\n" },
	{ PLAN, "      --moves-only       print what does not keep its address, in short lines\n" },
	{ SHOW | PLAN, "      --paths            print the path of each function as well\n" },
	{ SHOW | PLAN,
	  "      --names            print names of classes and devices, as lspci does\n" },
	{ SHOW,
	  "      --efi              the verdict that pcigate.efi left in EFI variables, or in\n"
	  "                         FILE, a copy of one from efivarfs\n" },
	{ CHECK | SHOW | PLAN, "      --json             print one JSON object\n" },
	{ PLAN, "      --dot              print a graph for dot(1)\n" },
	{ CHECK | PLAN, "  -q, --quiet            print nothing, only set the exit status\n" },
	{ CHECK | PLAN, "      --expect           compare with what the capture expects\n" },
	{ CHECK | SHOW | PLAN, "      --color[=WHEN]     auto (the default), always or never\n" },
	{ CHECK | SHOW | PLAN, "      --help             print this\n" },
};

bool usage_of(const char *name, FILE *out)
{
	for (size_t i = 0; i < PG_ARRAY_SIZE(commands); i++) {
		if (strcmp(name, commands[i].name))
			continue;
		fprintf(out, "%s\n", commands[i].text);
		for (size_t j = 0; j < PG_ARRAY_SIZE(options); j++) {
			if (options[j].commands & commands[i].bit)
				fputs(options[j].text, out);
		}
		fputs("\nExit status: 0 open, 1 stop, 2 error (options, file, capture).\n", out);
		fprintf(out, "Manual: pcigate-%s(8)\n", name);
		return true;
	}
	return false;
}
