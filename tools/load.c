// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * load.c - pcigate load: gates a kernel image with a record of this host, and loads it for kexec.
 */
#include "load.h"

#include "cli.h"
#include "image/carrier.h"
#include "image/tree.h"
#include "next_cmdline.h"
#include "program.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

/* As the kernel: COMMAND_LINE_SIZE of x86, the zero included. */
#define CMDLINE_SIZE 2048u

static const struct option long_options[] = {
	{ "initrd", required_argument, NULL, 'i' },
	{ "append", required_argument, NULL, 'a' },
	{ "command-line", required_argument, NULL, 'a' },
	{ "reuse-cmdline", no_argument, NULL, 'r' },
	{ "preserve", required_argument, NULL, 'p' },
	{ "all", no_argument, NULL, 'A' },
	{ "on-stop", required_argument, NULL, 'o' },
	{ "unload", no_argument, NULL, 'u' },
	{ "status", no_argument, NULL, 'S' },
	{ "help", no_argument, NULL, 'h' },
	{ NULL, 0, NULL, 0 },
};

static const char usage[] =
	"usage: pcigate load [OPTION]... KERNEL\n"
	"       pcigate load --unload\n"
	"       pcigate load --status\n\n"
	"Puts the stage in front of KERNEL, a bzImage, with a record of this host as it is\n"
	"now, and loads it for kexec -e or systemctl kexec. As root.\n\n"
	"      --initrd FILE       initrd of the next kernel; repeatable: one after the other\n"
	"      --append WORDS      command line of the next kernel\n"
	"      --command-line WORDS  the same\n"
	"      --reuse-cmdline     this kernel's command line, before WORDS\n"
	"      --preserve DEVICES  devices that must keep their address: a list with commas\n"
	"                          of [[DOMAIN:]BUS:]DEV.FN, paths (0000:00:1c.0/00.0),\n"
	"                          driver:NAME, class:HEX; repeatable; without it, all that\n"
	"                          are bound to vfio-pci\n"
	"      --all               every function that is not a bridge\n"
	"      --on-stop ACTION    halt, reset, poweroff, or report: start KERNEL anyway\n"
	"  -u, --unload            unload the image\n"
	"  -S, --status            tell whether an image is loaded\n"
	"      --help              print this\n\n"
	"Exit status: 0 done, 2 error; an image that was loaded before stays loaded.\n"
	"With --status: 0 loaded, 1 not loaded.\n"
	"Manual: pcigate-load(8)\n";

static const struct program program = { "load", usage, ":uSh", long_options };

static int add_address(struct load *load, const char *text)
{
	const char *wrong = selection_add(&load->request.named, text);

	return wrong ? reject(&program, "--preserve takes " SELECTOR_FORMS ", not", wrong) : -1;
}

static int set_action(struct load *load, const char *action)
{
	static const char *const known[][2] = { { "halt", "pcigate.stop=halt" },
						{ "reset", "pcigate.stop=reset" },
						{ "poweroff", "pcigate.stop=poweroff" },
						{ "report", "pcigate=report" } };

	for (size_t i = 0; i < PG_ARRAY_SIZE(known); i++) {
		if (!strcmp(action, known[i][0])) {
			load->on_stop = known[i][1];
			return -1;
		}
	}
	return reject(&program, "--on-stop takes halt, reset, poweroff or report, not", action);
}

/* Returns an exit status if the command ends here, or -1 to go on. */
static int take_option(int option, struct load *load)
{

	switch (option) {
	case 'i':
		load->initrds[load->nr_initrds++] = optarg;
		return -1;
	case 'a':
		load->append = optarg;
		return -1;
	case 'r':
		load->reuse = true;
		return -1;
	case 'p':
		return add_address(load, optarg);
	case 'A':
		load->request.all = true;
		return -1;
	case 'o':
		return set_action(load, optarg);
	case 'u':
		load->unload = true;
		return -1;
	default:
		load->status = true;
		return -1;
	}
}

static int parse(int argc, char **argv, struct load *load)
{
	int option, status = -1;

	while ((option = program_option(&program, argc, argv, &status)) != -1) {
		if (take_option(option, load) >= 0)
			return STATUS_TROUBLE;
	}
	if (status >= 0)
		return status;
	if (optind < argc)
		load->kernel = argv[optind++];
	if (optind < argc)
		return reject(&program, "one kernel image at a time, but there is also",
			      argv[optind]);
	if (load->unload + load->status + !!load->kernel > 1)
		return reject(&program,
			      "only one of --unload, --status and a kernel image at a time", NULL);
	if (!load->unload && !load->status && !load->kernel)
		return reject(&program, "a kernel image is missing", NULL);
	if (load->request.all && load->request.named.nr)
		return reject(&program, "either --all or --preserve", NULL);
	return -1;
}

static int read_own_line(char *line, size_t size)
{
	FILE *file = fopen("/proc/cmdline", "r");
	size_t len;

	if (!file)
		return complain("/proc/cmdline: %s", strerror(errno));
	len = fread(line, 1, size - 1, file);
	line[len] = 0;
	line[strcspn(line, "\n")] = 0;
	fclose(file);
	return 0;
}

static char *make_cmdline(const struct load *load)
{
	char running[CMDLINE_SIZE] = "";
	char *line;

	if (load->reuse && read_own_line(running, sizeof(running)))
		return NULL;
	line = next_cmdline(running, load->append ? load->append : "",
			    load->on_stop ? load->on_stop : "");
	if (!line) {
		complain("not enough memory");
	} else if (strlen(line) >= CMDLINE_SIZE) {
		complain("the command line has %zu bytes, the kernel takes %u", strlen(line),
			 CMDLINE_SIZE - 1);
		free(line);
		line = NULL;
	}
	return line;
}

/* Finds the tree of an image that was wrapped ahead, so that it could be signed. */
static bool is_gated(struct carrier *carrier, const uint8_t *image, size_t size,
		     struct capture_error *error)
{
	struct kernel_header header;

	return kernel_header_read(&header, image, size, error) &&
	       carrier_find(carrier, &header, image, size, error);
}

/* The image that is wrapped now carries the record and what is known about the kernel. */
static uint8_t *wrap(struct load *load, const uint8_t *kernel, size_t kernel_size, const void *own,
		     size_t own_size, size_t *size, struct capture_error *error)
{
	static struct kernel_header header;
	static struct kernel_facts facts;
	const struct carrier_parts parts = carrier_stage();

	if (!kernel_header_read(&header, kernel, kernel_size, error) ||
	    !kernel_facts_read(&facts, &header, kernel, load->kernel, NULL, error))
		return NULL;
	load->tree =
		image_tree_make(own, own_size, header.release, &facts, &load->tree_size, error);
	if (!load->tree || !image_tree_read(load->tree, load->tree_size, &load->next, error))
		return NULL;
	return carrier_wrap(&parts, kernel, kernel_size, load->tree, load->tree_size, size, error);
}

/*
 * The gated image, in memory. If @load->kernel is one already, it stays as it is, and the record
 * travels in the initrd.
 */
static uint8_t *gate_image(struct load *load, size_t *size)
{
	struct capture_error error = { "" };
	struct carrier carrier;
	size_t own_size, kernel_size;
	uint8_t *kernel = kernel_image_load(load->kernel, &kernel_size, &error);
	uint8_t *image = NULL;
	void *own = kernel ? host_record_own(&load->host, &own_size) : NULL;

	if (!own && !kernel)
		complain("%s: %s", load->kernel, error.text);
	if (own && is_gated(&carrier, kernel, kernel_size, &error)) {
		load->beside = true;
		load->tree = image_tree_make(own, own_size, NULL, NULL, &load->tree_size, &error);
		if (load->tree &&
		    image_tree_read(carrier.tree, carrier.tree_size, &load->next, &error)) {
			image = kernel;
			*size = kernel_size;
		}
	} else if (own && !error.text[0]) {
		image = wrap(load, kernel, kernel_size, own, own_size, size, &error);
	}
	if (own && !image)
		complain("%s: %s", load->kernel, error.text);
	free(own);
	if (image != kernel)
		free(kernel);
	return image;
}

/* What the next kernel cannot do, or what it knows. */
static void put_next_kernel(const struct pg_next_kernel *next)
{
	const char *lacks = next->kho == PG_FACT_NO	     ? "KHO"
			    : next->liveupdate == PG_FACT_NO ? "Live Update"
			    : next->pci == PG_FACT_NO	     ? "PCI Live Update"
							     : NULL;

	printf(", next kernel %s", next->version ? next->version : "of unknown version");
	if (lacks)
		printf(" does not know %s", lacks);
	else if (next->kho_version && next->luo_version)
		printf(" knows %s and %s", next->kho_version, next->luo_version);
}

static int run(struct load *load)
{
	char *cmdline = make_cmdline(load);
	uint8_t *image = NULL;
	size_t size;
	int status;

	if (cmdline && !host_record_open(&load->host, &load->request))
		image = gate_image(load, &size);
	status = image ? kexec_load_file(load, image, size, cmdline) : STATUS_TROUBLE;
	if (!status) {
		printf("gated: %u device%s pinned%s", load->host.recording.devices,
		       load->host.recording.devices == 1 ? "" : "s",
		       load->beside ? ", recorded in the initrd" : "");
		put_next_kernel(&load->next);
		putchar('\n');
	}
	free(image);
	free(load->tree);
	free(cmdline);
	return status;
}

int command_load(int argc, char **argv)
{
	static struct load load;
	int status;

	load.initrds = calloc((size_t)argc, sizeof(*load.initrds));
	if (!load.initrds)
		status = complain("not enough memory");
	else
		status = parse(argc, argv, &load);
	if (status < 0) {
		if (load.unload)
			status = kexec_unload();
		else if (load.status)
			status = kexec_status();
		else
			status = run(&load);
		host_record_close(&load.host);
	}
	free(load.initrds);
	selection_free(&load.request.named);
	return status;
}
