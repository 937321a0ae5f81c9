// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * seeds_fixed.c - the seeds that are not made from captures.
 */
#include "seeds.h"

/* The words are all parameters of the command line that pcigate judges. */
static void save_words(const char *directory)
{
	static const char *const words[] = {
		"pcigate=report pcigate=off pcigate=x pci_liveupdate.check=1 quiet",
		"pcigate.stop=reset pcigate.stop=halt pcigate.stop=poweroff panic=-1 "
		"panic=+0x7fffffff",
		"pci=off,conf1,conf2,nommconf,assign-busses,nodomains,noari,pcie_scan_all "
		"pci=noacpi acpi=off",
		"pci=hpbussize=0x10,config_acs=,disable_acs_redir= pci=hpbussize=012",
		"kho=on kho=0 liveupdate=y iommu=off,pt,nopt intel_iommu=on,off amd_iommu=off "
		"iommu.passthrough=1",
		"mem=4G memmap=exactmap,1K@2 memmap=3M%4-5,077!1,0x1#2 cma=1M@2-3 cma=1@2 memtest "
		"memtest=0",
		"elfcorehdr=1 initcall_blacklist=x \"pcigate\"=\"off\" pci=\"noari,off\" pcigate-x "
		"-- pcigate=off",
	};

	for (size_t i = 0; i < PG_ARRAY_SIZE(words); i++) {
		char name[] = { 'w', (char)('0' + i), 0 };
		struct output output = { 0 };

		put_string(&output, words[i]);
		save(directory, "cmdline", name, &output);
	}
}

static void save_selectors(const char *directory)
{
	static const char *const words[] = { "0001:80:1c.4/00.0/ff:1f.7/1.0", "2.0", "class:0108",
					     "driver:vfio-pci" };

	for (size_t i = 0; i < PG_ARRAY_SIZE(words); i++) {
		char name[] = { 's', (char)('0' + i), 0 };
		struct output output = { 0 };

		put_string(&output, words[i]);
		save(directory, "selector", name, &output);
	}
}

static void put_zeros(struct output *output, size_t nr)
{
	for (; nr; nr--)
		put(output, 0, 1);
}

static void put_table(struct output *output, const char *signature, uint32_t size)
{
	put_string(output, signature);
	put(output, 36 + size, 4);
	put(output, 1, 1); /* revision */
	put_zeros(output, 36 - 9);
}

/*
 * A root bus of pcigate's own record, RAM, and ACPI tables with two windows for segment 1 and one
 * for segment 0.
 */
static void save_windows(const char *directory)
{
	static const uint8_t windows[][3] = { { 1, 0x10, 0x3f },
					      { 0, 0, 0xff },
					      { 1, 0x20, 0x7f } };
	const uint64_t base = 0x100000;
	struct output output = { 0 };

	put(&output, 1, 1);
	put(&output, 1, 1); /* segment */
	put(&output, 0x10, 1);
	put(&output, 0x3f, 1);
	put(&output, 0x30, 2);
	put(&output, 0xa1000000, 8);
	put(&output, 1, 1);
	put(&output, 0x100000000, 8);
	put(&output, 0x80000000, 8);
	put(&output, 1, 1);
	put_string(&output, "RSD PTR ");
	put_zeros(&output, 7);
	put(&output, 2, 1); /* revision */
	put_zeros(&output, 8);
	put(&output, base + 36, 8);
	put_zeros(&output, 4);
	put_table(&output, "XSDT", 8);
	put(&output, base + 36 + 44, 8);
	put_table(&output, "MCFG", 8 + 16 * PG_ARRAY_SIZE(windows));
	put_zeros(&output, 8);
	for (size_t i = 0; i < PG_ARRAY_SIZE(windows); i++) {
		put(&output, 0xa0000000 + (windows[i][0] << 28), 8);
		put(&output, windows[i][0], 2);
		put(&output, windows[i][1], 1);
		put(&output, windows[i][2], 1);
		put_zeros(&output, 4);
	}
	save(directory, "windows", "windows", &output);
}

static void put_number(struct output *output, uint8_t shift, uint16_t value)
{
	put(output, shift, 1);
	put(output, value, 2);
}

/* Memory above 4 GiB is taken. Two scratch areas and two preserved blocks are below. */
static void save_kept(const char *directory)
{
	struct output output = { 0 };

	put(&output, 1, 1);
	put_number(&output, 32, 1);
	put_number(&output, 63, 2);
	put_number(&output, 20, 0x20);
	put(&output, 4096, 2);
	put(&output, 1, 1);
	for (uint16_t i = 1; i <= 2; i++) {
		put_number(&output, 24, i);
		put_number(&output, 20, i);
	}
	put(&output, 2, 1);
	for (uint8_t order = 0; order <= 9; order += 9) {
		put_number(&output, 28, 1);
		put(&output, order, 1);
	}
	save(directory, "kept", "kept", &output);
}

static void put_wide(struct output *output, const char *text)
{
	for (; *text; text++)
		put(output, (uint8_t)*text, 2);
}

/* Load options with a configuration file, and a variable with a verdict. */
static void save_requests(const char *directory)
{
	static const char *const options[] = {
		"",
		"pcigate.efi --linux a --capture \"b c\" --initrd d quiet",
		"--record c.dtb 0:1:2.3 4.5",
		"--config x -- --not ours",
	};
	static const char file[] = "# x\r\ntitle t\ncapture c\nlinux /l\ninitrd a\ninitrd "
				   "b\noptions quiet pcigate.stop=halt\n";
	struct output variable = { 0 };

	for (size_t i = 0; i < PG_ARRAY_SIZE(options); i++) {
		char name[] = { 'r', (char)('0' + i), 0 };
		struct output output = { 0 };

		put(&output, strlen(options[i]), 1);
		put_wide(&output, options[i]);
		for (size_t c = 0; file[c]; c++)
			put(&output, (uint8_t)file[c], 1);
		save(directory, "request", name, &output);
	}
	put(&variable, 6, 4);
	put_wide(&variable, "verdict=stop reason=device-moved devices=3 keep=2 move=1 unverified=0 "
			    "reads=99 usec=7 time=x");
	put(&variable, 0, 2);
	save(directory, "request", "variable", &variable);
}

void save_fixed(const char *directory)
{
	save_requests(directory);
	save_words(directory);
	save_selectors(directory);
	save_windows(directory);
	save_kept(directory);
}
