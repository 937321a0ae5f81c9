#!/usr/bin/env perl
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# inspect.t - pcigate inspect on images made here: each source of facts, their order, bad input. tests/kernels/ has real kernels.
use strict;
use warnings;

BEGIN { print STDERR "$0: unknown argument: $ARGV[0] (it takes none)\n" and exit 2 if @ARGV }

use JSON::PP ();
use Test::More;

use FindBin;
use lib "$FindBin::Bin/perl";
use Command;
use Image;

# facts(elf, options...): the facts about a kernel, as { name => "value (source)" }. The image is in an empty directory.
my $count = 0;
sub facts {
    my ($elf, @options) = @_;
    mkdir "$dir/" . ++$count or die "$dir/$count: $!";
    put("$count/vmlinuz", image(gzip($elf)));
    my ($status, $out, $err) = pcigate({}, 'inspect', '--json', @options, "$dir/$count/vmlinuz");
    return { error => $err } if $status;
    my $found = JSON::PP->new->decode($out)->{facts};
    return { map { $_ => shown($found->{$_}) } keys %$found };
}

sub shown {
    my ($fact) = @_;
    return $fact if !ref $fact;
    my $value = $fact->{value};
    $value = $value ? 'yes' : 'no' if ref $value;
    return defined $value ? "$value ($fact->{source})" : 'unknown';
}

# Compares only the facts that are named.
sub has_facts {
    my ($name, $facts, %wanted) = @_;
    is_deeply({ map { $_ => $facts->{$_} } keys %wanted }, \%wanted, $name) or diag(explain($facts));
}

my @parts = qw(kho liveupdate pci keeps-bus-numbers);
sub every { my ($value) = @_; return map { $_ => $value } @parts }

# A config, as a file and as it is inside a kernel.
sub config { return join "\n", '#', '# Automatically generated file; DO NOT EDIT.', '# Linux/x86 7.3.4 Kernel Configuration', '#', @_, '' }
sub ikconfig { return 'IKCFG_ST' . gzip(config(@_)) . 'IKCFG_ED' }

my @on = qw(CONFIG_KEXEC_HANDOVER=y CONFIG_LIVEUPDATE=y CONFIG_PCI_LIVEUPDATE=y);
my @layouts = (['pci_ser', 16, qw(version nr_devices devices)], ['pci_dev_ser', 8, qw(domain bdf refcount)]);
my @functions = qw(pci_bus_add_device kho_is_enabled liveupdate_enabled);

# Nothing is found.
has_facts('a kernel without any of the facts', facts(elf()), every('unknown'), cmdline => 'unknown', config => undef, note => undef,
    map { $_ => 'unknown' } qw(kho-version luo-version pci-version kho-default liveupdate-default cmdline-overrides));

# Strings.
my $strings = "\0kho-v4\0luo-v5\0" . "4PCI: liveupdate: no\n\0 bus numbers are not reassigned where devices are preserved\0";
has_facts('strings', facts(elf('.rodata' => $strings)), every('yes (strings)'), 'kho-version' => 'kho-v4 (strings)',
    'luo-version' => 'luo-v5 (strings)', 'pci-version' => 'unknown', 'kho-default' => 'unknown');
has_facts('strings: longer versions', facts(elf('.rodata' => "\0kho-v4;radix-v1;vmalloc-v1\0luo-v5;block-v1\0")),
    'kho-version' => 'kho-v4;radix-v1;vmalloc-v1 (strings)', 'luo-version' => 'luo-v5;block-v1 (strings)');
has_facts('strings: a message that begins like a version', facts(elf('.rodata' => "\0kho-v4: no memory\n\0luo-v5\0")), kho => 'unknown',
    'kho-version' => 'unknown', 'luo-version' => 'luo-v5 (strings)');
has_facts('strings: the same version twice', facts(elf('.rodata' => "\0kho-v4\0\0kho-v4\0")), 'kho-version' => 'kho-v4 (strings)');
has_facts('strings: two versions', facts(elf('.rodata' => "\0kho-v4\0kho-v5\0")), 'kho-version' => 'unknown', kho => 'unknown');
has_facts('strings: no version of its own', facts(elf('.rodata' => "a kho-v4\0kho-vx\0\0kho-v" . 4 x 48 . "\0")), kho => 'unknown');
has_facts('strings: a kernel without KHO', facts(elf('.rodata' =>
    "\0" . "4Passed KHO data, but CONFIG_KEXEC_HANDOVER not set. Ignoring.\n\0")), every('no (strings)'), 'kho-default' => 'no (strings)');

# BTF.
has_facts('BTF: no function of KHO or Live Update', facts(elf('.BTF' => btf([], 'pci_bus_add_device'))), every('no (btf)'), 'liveupdate-default' => 'no (btf)');
has_facts('BTF: without functions', facts(elf('.BTF' => btf(\@layouts))), every('unknown'));
has_facts('BTF: no PCI Live Update', facts(elf('.BTF' => btf([], @functions))), kho => 'yes (btf)', liveupdate => 'yes (btf)',
    pci => 'no (btf)', 'keeps-bus-numbers' => 'no (btf)', 'pci-version' => 'unknown');
has_facts("BTF: Linux's own", facts(elf('.BTF' => btf(\@layouts, @functions, qw(pci_liveupdate_setup_device pci_liveupdate_preserve_bus_numbers)))),
    every('yes (btf)'), 'pci-version' => '2 (btf)', 'kho-version' => 'unknown');
has_facts('BTF: PCI Live Update of kernel-patch/', facts(elf('.BTF' => btf(\@layouts, @functions, qw(pci_liveupdate_setup_device pci_liveupdate_keeps_buses)))),
    every('yes (btf)'), 'pci-version' => '2 (btf)');
for (['size', ['pci_ser', 24, qw(version nr_devices devices)], $layouts[1]], ['members', $layouts[0], ['pci_dev_ser', 8, qw(domain bdf)]],
    ['another member', $layouts[0], ['pci_dev_ser', 8, qw(domain bdf refcount flags)]], ['order', ['pci_ser', 16, qw(version devices nr_devices)], $layouts[1]],
    ['no struct', $layouts[0]]) {
    my ($what, @structs) = @$_;
    has_facts("BTF: another layout: $what", facts(elf('.BTF' => btf(\@structs, @functions, 'pci_liveupdate_setup_device'))),
        pci => 'yes (btf)', 'pci-version' => 'unknown', 'keeps-bus-numbers' => 'no (btf)');
}
has_facts('BTF: damaged', facts(elf('.BTF' => substr(btf([], @functions), 0, -9))), every('unknown'));

# The config inside the kernel.
has_facts('IKCONFIG', facts(elf('.rodata' => ikconfig(@on, '# CONFIG_PCI_LIVEUPDATE_INHERIT is not set'))), kho => 'yes (ikconfig)',
    pci => 'yes (ikconfig)', 'keeps-bus-numbers' => 'no (ikconfig)', 'pci-version' => '2 (ikconfig)', 'kho-default' => 'no (ikconfig)',
    'liveupdate-default' => 'no (ikconfig)', cmdline => ' (ikconfig)');
has_facts("IKCONFIG: Linux's own PCI Live Update", facts(elf('.rodata' => ikconfig(@on))), pci => 'yes (ikconfig)',
    'keeps-bus-numbers' => 'unknown', 'pci-version' => 'unknown');
has_facts('IKCONFIG: all on', facts(elf('.rodata' => ikconfig(@on, 'CONFIG_PCI_LIVEUPDATE_INHERIT=y', 'CONFIG_KEXEC_HANDOVER_ENABLE_DEFAULT=y'))),
    every('yes (ikconfig)'), 'kho-default' => 'yes (ikconfig)');
has_facts('IKCONFIG: all off', facts(elf('.rodata' => ikconfig('# CONFIG_KEXEC_HANDOVER is not set'))), every('no (ikconfig)'),
    'kho-default' => 'no (ikconfig)');
has_facts("IKCONFIG: $_->[0]", facts(elf('.rodata' => $_->[1])), every('unknown'))
    for ['no end', substr(ikconfig(@on), 0, -1)], ['damaged', ikconfig(@on) =~ s/(.{40}).(.*)/$1~$2/sr],
    ['too large', ikconfig('#' x (4 << 20))], ['nothing', "IKCFG_ST\x1f\x8bIKCFG_ED"];

# The built-in command line.
for ([' (ikconfig)', 'no (ikconfig)', 'CONFIG_CMDLINE="kho=on"'], ['kho=on (ikconfig)', 'no (ikconfig)', 'CONFIG_CMDLINE_BOOL=y', 'CONFIG_CMDLINE="kho=on"'],
    ['a="b\\c" (ikconfig)', 'yes (ikconfig)', 'CONFIG_CMDLINE_BOOL=y', 'CONFIG_CMDLINE="a=\"b\\\\c\""', 'CONFIG_CMDLINE_OVERRIDE=y'],
    [' (ikconfig)', 'no (ikconfig)', 'CONFIG_CMDLINE_BOOL=y', 'CONFIG_CMDLINE=""', 'CONFIG_CMDLINE_OVERRIDE=y'],
    ['a' . 'x' x 2047 . ' (ikconfig)', 'no (ikconfig)', 'CONFIG_CMDLINE_BOOL=y', 'CONFIG_CMDLINE="a' . 'x' x 3000 . '"'],
    ['a (ikconfig)', 'no (ikconfig)', 'CONFIG_CMDLINE_BOOL=y', 'CONFIG_CMDLINE="a', 'CONFIG_X="b"'],
    [' (ikconfig)', 'no (ikconfig)', 'CONFIG_CMDLINE_BOOL=y', 'CONFIG_X_CONFIG_CMDLINE="a"']) {
    my ($cmdline, $overrides, @lines) = @$_;
    has_facts("command line: $lines[-1]" =~ s/xxx+/.../r, facts(elf('.rodata' => ikconfig(@lines))), cmdline => $cmdline, 'cmdline-overrides' => $overrides);
}

# A config file: named by an option, in the directory of the image, for another kernel.
put('on.config', config(@on));
has_facts('--config', facts(elf(), '--config', "$dir/on.config"), kho => 'yes (config)', config => "$dir/on.config");
is_run("--config: the file $_->[0]", {}, ['inspect', '--config', $_->[1], put('k', image(gzip(elf())))], 2, '', qr/^pcigate: \Q$dir\E\/k: config $_->[2]\n\z/)
    for ['does not exist', "$dir/none", qr{\Q$dir\E/none: cannot open it: No such file or directory}],
    ['is not a config', put('text', "CONFIG_X=y\n"), qr{\Q$dir\E/text: is not a kernel config: no line "# Linux/x86 VERSION ..."}],
    ['is of another kernel', put('old', config() =~ s/7\.3\.4/6.1.176/r), qr{\Q$dir\E/old: is for Linux 6\.1, and the kernel is 7\.3\.4-test}];
for (['config-7.3.4-test', 'bzImage'], ['config-own', 'vmlinuz-own'], ['config', 'vmlinuz']) {
    my ($config, $name) = @$_;
    mkdir "$dir/$name" or die "$dir/$name: $!";
    put("$name/$config", config(@on));
    put("$name/$name", image(gzip(elf())));
    is_run("$config in the directory of $name", {}, ['inspect', "$dir/$name/$name"], 0, qr{^KHO +yes \(config\)\n(.*\n)*config +\Q$dir/$name/$config\E$}m, '');
}
put('vmlinuz/config', config(@on) =~ s/7\.3/7.2/r);
is_run('a config of another kernel in the same directory is not used', {}, ['inspect', "$dir/vmlinuz/vmlinuz"], 0,
    qr{^KHO +unknown\n(.*\n)*not used +config \Q$dir\E/vmlinuz/config: is for Linux 7\.2, and the kernel is 7\.3\.4-test$}m, '');
mkdir "$dir/$_" or die "$dir/$_: $!" for 'x', 'x/config-a';
put('on', config(@on));
put('x/bzImage', image(gzip(elf()), release => 'a/../../on'));
is_run('a release does not lead to another directory', {}, ['inspect', "$dir/x/bzImage"], 0, qr{^KHO +unknown$}m, '');

# The sections .liveupdate_versions and .liveupdate_features.
my $versions = sub { pack 'L2 (a48)*', 0x4c565550, 1, @_ };
my $features = sub { pack 'L2 (a48 L2 Q3)*', 0x4c565550, 1, map { ($_->[0], 8, 0, @$_[1 .. 3]) } @_ };
has_facts('.liveupdate_versions', facts(elf('.liveupdate_versions' => $versions->('memfd-v2', 'luo-v6', 'kho-v5', 'pci-v3'))), kho => 'yes (section)',
    liveupdate => 'yes (section)', pci => 'unknown', 'kho-version' => 'kho-v5 (section)', 'luo-version' => 'luo-v6 (section)', 'pci-version' => '3 (section)');
has_facts('.liveupdate_features', facts(elf('.liveupdate_features' => $features->(['luo', 7, 3, 7], ['luo-other', 1, 1, 1]))),
    liveupdate => 'yes (section)', 'luo-version' => 'features 0x7, required 0x3 (section)', 'kho-version' => 'unknown');
has_facts('.liveupdate_versions: a name without end', facts(elf('.liveupdate_versions' => $versions->('luo-v' . 'x' x 60) . 'y' x 47)),
    'luo-version' => 'luo-v' . 'x' x 42 . ' (section)');
has_facts(".liveupdate_versions: $_->[0]", facts(elf('.liveupdate_versions' => $_->[1])), liveupdate => 'unknown')
    for ['another magic', pack('L2 a48', 0x4c565551, 1, 'memfd-v2')], ['another version', pack('L2 a48', 0x4c565550, 2, 'memfd-v2')], ['short', 'PUV'];

# If two sources state a fact, one of them is used.
has_facts('a section before BTF, BTF before the config, the config before strings',
    facts(elf('.liveupdate_versions' => $versions->('luo-v6'), '.BTF' => btf([], 'pci_bus_add_device', 'kho_is_enabled'),
        '.rodata' => "\0kho-v4\0luo-v5\0" . ikconfig('# CONFIG_KEXEC_HANDOVER is not set', 'CONFIG_KEXEC_HANDOVER_ENABLE_DEFAULT=y')),
        '--config', put('other.config', config('CONFIG_CMDLINE_BOOL=y', 'CONFIG_CMDLINE="x"'))),
    kho => 'yes (section)', liveupdate => 'yes (section)', pci => 'no (btf)', 'kho-default' => 'yes (ikconfig)', cmdline => ' (ikconfig)',
    'luo-version' => 'luo-v6 (section)', 'kho-version' => 'kho-v4 (strings)');
has_facts('a feature that is missing has no version', facts(elf('.BTF' => btf([], 'pci_bus_add_device'), '.rodata' => "\0kho-v4\0luo-v5\0")),
    every('no (btf)'), 'kho-version' => 'unknown', 'luo-version' => 'unknown');

# Text. The size of the compressed kernel depends on the version of zlib.
my $text = quotemeta <<'END';
kernel                    7.3.4-test (who@where) #1 SMP
boot protocol             2.15, above 4 GiB, 5-level paging
sizes                     3 setup sectors, SIZE bytes, 268435456 in memory
payload                   gzip, SIZE bytes at 0xb00
signature                 none
gated image               no
KHO                       no (btf)
Live Update               no (btf)
PCI Live Update           no (btf)
built-in command line     a?[31m (ikconfig)
                          the kernel ignores the words of the boot loader
END
$text =~ s/SIZE/\\d+/g;
is_run('text', {}, ['inspect', put('k', image(gzip(elf('.BTF' => btf([], 'pci_bus_add_device'), '.rodata' =>
    ikconfig('CONFIG_CMDLINE_BOOL=y', "CONFIG_CMDLINE=\"a\033[31m\"", 'CONFIG_CMDLINE_OVERRIDE=y')))))], 0, qr/\A$text\z/, '');

# Bad input. The unit tests change every field of the header.
my $good = image(gzip(elf()));
sub refused {
    my ($name, $image, $complaint) = @_;
    put('bad', $image);
    $complaint = quotemeta $complaint if !ref $complaint;
    is_run($name, {}, ['inspect', "$dir/bad"], 2, '', qr{^pcigate: \Q$dir\E/bad: $complaint\n\z});
}
refused('not a kernel', 'MZ', 'is not a bzImage: 2 bytes, and a setup header ends at 612');
refused('truncated', substr($good, 0, -1), qr/is truncated: setup_sects 3 and syssize 0x\w+ need \d+ bytes, the file has \d+/);
refused('too old', image('', 0x206 => [S => 0x209]), 'version of the boot protocol is 2.09, below 2.12');
refused('32 bits', image('', 0x236 => [S => 0]), 'is a 32-bit kernel: xloadflags is 0x0, without XLF_KERNEL_64');
refused('no payload', image(''), 'payload: 0 bytes that begin with 0x0 are not of a known compression');
refused('another compression', image('abcdefgh'), 'payload: 8 bytes that begin with 0x64636261 are not of a known compression');
refused('a payload of the first bytes only', image("\x1f\x8b\1\0\0"), 'payload: 5 bytes that begin with 0x18b1f are not of a known compression');
refused('a damaged payload', image(gzip(elf()) =~ s/(.{20}).{4}(.*)/$1~~~~$2/sr), qr/payload: .*/);
refused('a payload that ends early', image(substr(gzip('x' x 1000), 0, 15) . pack('L', 1000)), qr/payload: .*/);
refused('a kernel that is smaller than its size in the payload', image(gzip('x' x 1000) =~ s/.{4}\z/pack 'L', 1001/ser), qr/payload: .*/);
refused('a kernel that is larger than its size in the payload', image(gzip('x' x 1000) =~ s/.{4}\z/pack 'L', 999/ser),
    qr/payload: (gzip decompresses to more than 999 bytes, not 999 as it tells|.*)/);
refused('a kernel that is too large', image(gzip('x') =~ s/.{4}\z/pack 'L', (192 << 20) + 1/ser),
    'payload: the size in its last four bytes is 201326593, not 1 to 201326592');
refused('not an ELF file', image(gzip('no ELF')), 'payload: does not decompress to a 64-bit ELF file, but begins with 0x45206f6e');
refused('an ELF file for another machine', image(gzip(elf() =~ s/^(.{18})>/$1\xb7/sr)), 'payload: e_machine is 183, not x86-64 (62)');
is_run('a device', {}, ['inspect', '/dev/zero'], 2, '', "pcigate: /dev/zero: is a device, not a file\n");
is_run('no file', {}, ['inspect', "$dir/none"], 2, '', "pcigate: $dir/none: cannot open it: No such file or directory\n");
put('good', $good);
is_run('standard input', { stdin => "$dir/good" }, ['inspect', '-'], 0, qr/^kernel +7\.3\.4-test /, '');

# Options.
my $help = qr/; see pcigate inspect --help\n\z/;
is_run('--help', {}, ['inspect', '--help'], 0, qr/^usage: pcigate inspect /, '');
is_run('no argument', {}, ['inspect'], 2, '', qr/^pcigate: inspect: a kernel image is missing$help/);
is_run('two kernels', {}, ['inspect', 'a', 'b'], 2, '', qr/^pcigate: inspect: one image at a time, but there is also 'b'$help/);
is_run('an unknown option', {}, ['inspect', '--wrong', 'a'], 2, '', qr/^pcigate: inspect: unknown option '--wrong'$help/);
is_run('an unknown option among several letters', {}, ['inspect', '-xh', 'a'], 2, '', qr/^pcigate: inspect: unknown option '-x'$help/);
is_run('an option without its argument', {}, ['inspect', 'a', '--config'], 2, '', qr/^pcigate: inspect: an argument is missing for '--config'$help/);

done_testing();
