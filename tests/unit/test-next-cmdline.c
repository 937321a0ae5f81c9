// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * test-next-cmdline.c - tools/next_cmdline.c: the command line that pcigate load gives the next
 * kernel.
 */
#include "unit.h"

#include <next_cmdline.h>
#include <stdlib.h>

static void check_line(const char *running, const char *append, const char *last,
		       const char *wanted)
{
	char *line = next_cmdline(running, append, last);

	assert_non_null(line);
	assert_string_equal(line, wanted);
	free(line);
}

UNIT_TEST(boot_image_is_dropped)
{
	check_line("BOOT_IMAGE=/boot/vmlinuz root=/dev/vda1 ro", "", "", "root=/dev/vda1 ro");
	check_line("ro BOOT_IMAGE=/vmlinuz", "quiet", "", "ro quiet");
	check_line("ro \"BOOT_IMAGE=/a b\" quiet", "", "", "ro quiet");
	check_line("BOOT_IMAGE=/vmlinuz", "quiet", "", "quiet");
	check_line("ro BOOT_IMAGES=1 -- BOOT_IMAGE=2", "", "", "ro BOOT_IMAGES=1 -- BOOT_IMAGE=2");
}

/* Blanks in quotes belong to a value. */
UNIT_TEST(other_words_do_not_change)
{
	check_line("BOOT_IMAGE=x dyndbg=\"file a.c  +p ; file b.c +p\"  ro", "", "",
		   "dyndbg=\"file a.c  +p ; file b.c +p\"  ro");
	check_line("", "a=\"b  c\"", "", "a=\"b  c\"");
}

/* The kernel reads no word behind "--". */
UNIT_TEST(the_last_word_is_put_before_the_dashes)
{
	check_line("ro", "quiet", "pcigate.stop=reset", "ro quiet pcigate.stop=reset");
	check_line("ro -- single", "", "pcigate.stop=reset", "ro pcigate.stop=reset -- single");
	check_line("ro", "-- single", "pcigate.stop=reset", "ro pcigate.stop=reset -- single");
	check_line("-- single", "", "pcigate.stop=reset", "pcigate.stop=reset -- single");
	check_line("ro \"--\" single", "", "a=b", "ro a=b \"--\" single");
	check_line("", "a=\"x -- y\"", "b=c", "a=\"x -- y\" b=c");
	check_line("", "", "b=c", "b=c");
}
