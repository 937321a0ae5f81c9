// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * damage.c - damages captures and reads them: damage N SEED CAPTURE.dtb...
 *
 * The first inputs are the first capture with one word set to one limit, for all words and limits.
 * Then come N inputs: one of the captures with one to three fields overwritten. If an input makes
 * this program crash, it is saved in damage.dtb in the current directory.
 */
#include "captured.h"
#include "input.h"
#include "mutate.h"

#include <stdlib.h>

#define SAVED "damage.dtb"

struct input {
	uint8_t *bytes;
	size_t size;
};

static uint8_t *current;
static size_t current_size;

/* The sanitizers call @callback before they end the program, also after failed(). */
void __sanitizer_set_death_callback(void (*callback)(void));

static void save_input(void)
{
	FILE *file = fopen(SAVED, "wb");

	if (!file || fwrite(current, 1, current_size, file) != current_size || fclose(file))
		fputs("damage: cannot write " SAVED "\n", stderr);
	else
		fputs("damage: the input is in " SAVED "\n", stderr);
}

/* The copy is exactly as long as the input, so that a read beyond its end is detected. */
static void copy(const struct input *input)
{
	current = malloc(input->size);
	REQUIRE(current);
	current_size = input->size;
	memcpy(current, input->bytes, input->size);
}

static size_t take_in_order(const struct input *input)
{
	size_t nr = 0;
	bool more;

	do {
		copy(input);
		more = damage_in_order(current, current_size, nr);
		if (more)
			run_capture(current, current_size);
		free(current);
		nr += more;
	} while (more);
	return nr;
}

static void take(const struct input *input, uint64_t *state)
{
	uint32_t nr;

	copy(input);
	*state = *state * 6364136223846793005u + 1442695040888963407u;
	for (nr = 1 + (uint32_t)((*state >> 33) % 3); nr; nr--)
		damage(current, current_size, state);
	run_capture(current, current_size);
	free(current);
}

int main(int argc, char **argv)
{
	const unsigned long nr = argc > 3 ? strtoul(argv[1], NULL, 10) : 0;
	const unsigned long nr_inputs = nr ? (unsigned long)argc - 3 : 0;
	struct input *inputs = calloc(nr_inputs + 1, sizeof(*inputs));
	uint64_t state;
	size_t first;

	if (!nr || !inputs) {
		fputs("usage: damage N SEED CAPTURE.dtb...\n", stderr);
		return 2;
	}
	state = strtoul(argv[2], NULL, 10);
	for (unsigned long i = 0; i < nr_inputs; i++) {
		struct capture_error error = { "" };

		inputs[i].bytes =
			input_read(argv[3 + i], CAPTURE_MAX_FILE, &inputs[i].size, &error);
		if (!inputs[i].bytes) {
			fprintf(stderr, "damage: %s: %s\n", argv[3 + i], error.text);
			return 2;
		}
	}
	__sanitizer_set_death_callback(save_input);
	first = take_in_order(inputs);
	for (unsigned long i = 0; i < nr; i++)
		take(&inputs[i % nr_inputs], &state);
	__sanitizer_set_death_callback(NULL);
	printf("damage: %zu limits in words of one capture, %lu inputs of %lu captures\n", first,
	       nr, nr_inputs);
	for (unsigned long i = 0; i < nr_inputs; i++)
		free(inputs[i].bytes);
	free(inputs);
	return 0;
}
