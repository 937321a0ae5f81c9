#!/usr/bin/env perl
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# cli.t - the command: options, exit statuses, input that is not a capture, and the documentation of the command.
use strict;
use warnings;

BEGIN { print STDERR "$0: unknown argument: $ARGV[0] (it takes none)\n" and exit 2 if @ARGV }

use JSON::PP ();
use Test::More;

use FindBin;
use lib "$FindBin::Bin/perl";
use Command;
use Image;

my $good = 'tests/vectors/unharmed.dts';
my $bad = 'tests/vectors/bridge-reset.dts';
my $malformed = 'tests/vectors/luo-flbs-zero.dts';

# All keys of the objects in @_, at any depth.
sub keys_below {
    my %found = map { $_ => 1 } map {
        ref eq 'HASH' ? (keys %$_, keys_below(values %$_)) : ref eq 'ARRAY' ? keys_below(@$_) : ()
    } @_;
    return keys %found;
}

# The record of show-record.t, which has every property.
sub own_record {
    my ($text) = get('tests/show-record.t') =~ /^my \$record = <<'DTS';\n(.*?)^DTS$/ms;
    return put('own.dts', $text // '');
}

my $help = qr/; see pcigate (?:(?:check|show|plan) )?--help\n\z/;
my $dtb = compiled($good);
my $blob = get($dtb);

# Exit statuses.
is_run('check: an open verdict is 0', {}, ['check', $good], 0, qr/^pcigate: OPEN: 3 of 3.*\n\z/m, '');
is_run('check: a stop is 1', {}, ['check', $bad], 1, qr/^pcigate: STOP: 1 of 3.*\n\z/m, '');
is_run('check: a malformed record is 1', {}, ['check', $malformed], 1, qr/\[record-malformed\]\npcigate: STOP: /, '');
is_run('show: a record that can be read is 0, also if the verdict is stop', {}, ['show', $bad], 0, qr/^record /m, '');
is_run('show: a malformed record is 1', {}, ['show', $malformed], 1, qr/^trouble .*luo_ser\.flbs_pa 0x0 /m, '');

# Usage.
is_run("--preserve '$_'", {}, ['plan', '--preserve', $_, $good], 2, '', qr/^pcigate: --preserve takes .*, not '\Q$_\E'$help/)
    for '', 'garbage', '99999999999999999999:00:00.0', '0:0:0.8', '0:0:20.0', '100:00.0', '01:00', '01:00.', '-1', ' 01:00.0', '01:00.0x',
    ':01:00.0';
is_run('no arguments', {}, [], 2, '', qr/^pcigate: a command is missing$help/);
is_run('unknown command', {}, ['chek', $good], 2, '', qr/^pcigate: unknown command 'chek'$help/);
is_run('no capture, and no verdict of the running kernel', {}, ['check'], 2, '',
    qr/^pcigate: a capture is missing after 'check', and .* there is no '\/sys\/bus\/pci\/liveupdate_verdict'$help/);
is_run('--cmdline without a capture', {}, ['check', '--cmdline=quiet'], 2, '', qr/^pcigate: --cmdline needs a capture$help/);
is_run('--expect without a capture', {}, ['check', '--expect'], 2, '', qr/^pcigate: --expect needs a capture$help/);
is_run('two captures', {}, ['check', $good, 'other'], 2, '', qr/^pcigate: one capture at a time, .*'other'$help/);
is_run('unknown long option', {}, ['check', '--jsno', $good], 2, '', qr/^pcigate: unknown option '--jsno'$help/);
is_run('unknown short option', {}, ['check', '-x', $good], 2, '', qr/^pcigate: unknown option '-x'$help/);
is_run('unknown short option among others', {}, ['check', '-qxq', $good], 2, '', qr/^pcigate: unknown option '-x'$help/);
is_run('an empty name', {}, ['check', ''], 2, '', "pcigate: '': cannot open it: No such file or directory\n");
is_run('an empty name for -F', {}, ['plan', '-F', ''], 2, '', "pcigate: '': cannot open it: No such file or directory\n");
is_run('an empty command', {}, [''], 2, '', qr/^pcigate: unknown command ''$help/);
is_run('option without its argument', {}, ['check', $good, '--cmdline'], 2, '',
    qr/^pcigate: an argument is missing for '--cmdline'$help/);
is_run('argument for an option that takes none', {}, ['check', '--json=yes', $good], 2, '', qr/^pcigate: .*'--json=yes'$help/);
is_run('wrong colour', {}, ['check', '--color=red', $good], 2, '', qr/^pcigate: --color takes .*'red'$help/);
is_run('--quiet with show', {}, ['show', '-q', $good], 2, '', qr/^pcigate: --quiet is an option of check/);
is_run('--expect with show', {}, ['show', '--expect', $good], 2, '', qr/^pcigate: --expect is an option of check/);
is_run('two kinds of output', {}, ['check', '-q', '--json', $good], 2, '', qr/^pcigate: only one of --json/);
is_run('--help', {}, ['--help'], 0, qr/^usage: pcigate COMMAND .*\n(.*\n)*.*Exit status: 0 /, '');
is_run('--help after a command', {}, ['check', '--help'], 0, qr/^usage: /, '');
is_run("help: $_", {}, ['help', $_], 0, qr/^usage: pcigate $_ /, '') for 'check', 'show', 'plan', 'diff', 'record', 'inspect', 'wrap', 'load';
is_run("--help of plan has no option of show", {}, ['plan', '--help'], 0, qr/\A(?!.*--efi)usage: pcigate plan .*--preserve/s, '');
is_run('help', {}, ['help'], 0, qr/^usage: pcigate COMMAND /, '');
is_run('help for an unknown command', {}, ['help', 'paln'], 2, '', qr/^pcigate: unknown command 'paln'$help/);
is_run('help for two commands', {}, ['help', 'plan', 'show'], 2, '', qr/^pcigate: one command at a time, .*'show'$help/);
# Of two values one would be ignored.
for (['plan', '--file', '-F', 'x', '-F', 'y'], ['plan', '--cmdline', '--cmdline', 'x', '--cmdline', 'y'], ['check', '--append', '--append=x', '--append=y'],
    ['load', '--append', '--append', 'x', '--command-line', 'y'], ['load', '--on-stop', '--on-stop', 'halt', '--on-stop', 'halt'], ['wrap', '--output', '-ox', '-oy'],
    ['wrap', '--record', '--record', 'x', '--record', 'y'], ['inspect', '--config', '--config', 'x', '--config', 'y'], ['record', '--output', '-o', 'x', '--output', 'y']) {
    my ($command, $option, @words) = @$_;
    is_run("$command: $option twice", {}, [$command, @words, 'x'], 2, '', qr/^pcigate: (?:$command: )?given twice: '$option'; see pcigate $command --help\n\z/);
}
is_run('--version', {}, ['--version'], 0, qr/\Apcigate [0-9][0-9.]*\n\z/, '');

# Options.
is_run('--quiet, open', {}, ['check', '--quiet', $good], 0, '', '');
is_run('-q, stop', {}, ['check', '-q', $bad], 1, '', '');
is_run('options after the capture', {}, ['check', $bad, '-q'], 1, '', '');
is_run('a file named like an option, after --', {}, ['check', '--', '-q'], 2, '', qr/^pcigate: -q: cannot open it: /);
is_run('--cmdline', {}, ['check', '--cmdline', 'pci=assign-busses kho=on liveupdate=on', $good], 1, qr/\[reassign-busses\]/, '');
is_run('--append', {}, ['check', '--append', 'pci=assign-busses', $good], 1, qr/\[reassign-busses\]/, '');
is_run('--append: before the words for init', {}, ['check', '--cmdline', 'kho=on -- single', '--append', 'liveupdate=on', $good], 0, qr/OPEN/, '');
is_run('--append: two words', {}, ['check', '--cmdline=', '--append', 'kho=on liveupdate=on', $good], 0, qr/OPEN/, '');
is_run('--append without a capture', {}, ['check', '--append=quiet'], 2, '', qr/^pcigate: --append needs a capture$help/);
is_run('--cmdline replaces the command line in the capture', {},
    ['check', '--cmdline', 'quiet kho=on liveupdate=on', 'tests/vectors/policy-off.dts'], 1, qr/STOP/, '');
is_run('--cmdline, empty', {}, ['check', '--cmdline=', 'tests/vectors/policy-off.dts'], 1, qr/STOP/, '');
is_run('no colour if the output is a file', {}, ['check', $bad], 1, qr/\A[^\033]*\z/, '');
is_run('--color', {}, ['check', '--color', $bad], 1, qr/: \S* ?MOVES\033\[0m: .*\n(.*\n)*pcigate:\033\[1;31m STOP\033\[0m: /, '');
is_run('--color=always', {}, ['check', '--color=always', $good], 0, qr/^pcigate:\033\[32m OPEN\033\[0m: /m, '');
is_run('--color=never', {}, ['check', '--color=never', $bad], 1, qr/\A[^\033]*\z/, '');
is_run('box characters in a UTF-8 locale', { env => { LC_ALL => 'C.UTF-8' } }, ['show', $good], 0, qr/^└─ 0000:/m, '');
is_run('plain ASCII in another locale', { env => { LC_ALL => 'C' } }, ['show', $good], 0, qr/\A[\x00-\x7f]*^`- 0000:[\x00-\x7f]*\z/m, '');

# The tree.
is_run('show: bridges, ranges, counts', { env => { LC_ALL => 'C' } }, ['show', $good], 0, qr/^segment 0000
\|- 0000:00:02.0 8086:10d3 preserved
\|- 0000:00:03.0 1b36:000c bridge to bus 01, 1 preserved
\|  `- 0000:01:00.0 1b36:0010 preserved
\|- 0000:00:04.0 1b36:000c bridge to buses 02-05, 1 preserved
\|  `- 0000:02:00.0 104c:8232 bridge to buses 03-05, 1 preserved
\|     \|- 0000:03:00.0 104c:8233 bridge to bus 04, 1 preserved
\|     \|  `- 0000:04:00.0 8086:10d3 preserved
\|     `- 0000:03:01.0 104c:8233 bridge to bus 05 not recorded
`- 0000:00:05.0 1b36:000c bridge to bus 06 not recorded
\z/m, '');
is_run('show: paths and names', { env => { LC_ALL => 'C' } }, ['show', '--paths', '--names', $good], 0,
    qr/ 0000:01:00\.0 .* preserved, path 0000:00:[0-9a-f]{2}\.\d\/00\.0, [A-Z].*: .*$/m, '');
is_run('check: no paths', {}, ['check', '--paths', $good], 2, '', qr/^pcigate: --paths and --names are options of show and plan, not of 'check'$help/);
is_run('show: a device that no path leads to', { env => { LC_ALL => 'C' } }, ['show', $bad], 0,
    qr/^\|- 0000:00:03.0 1b36:000c bridge without bus numbers, 1 preserved\n(.*\n)*no path leads to\n   0000:01:00.0 not reached, 1 preserved; once behind 0000:00:03.0\n\z/m, '');
is_run('show: a malformed record, with pcigate=off', {}, ['show', 'tests/vectors/policy-off.dts'], 1,
    qr/^trouble .*\[record-malformed\]$/m, '');

# JSON.
{
    my ($status, $output) = pcigate({}, 'check', '--json', $bad);
    my $object = eval { JSON::PP->new->utf8->decode($output) } // {};
    my ($moved) = grep { $_->{address} eq '0000:01:00.0' } @{ $object->{functions} // [] };
    is($object->{verdict}, 'stop', 'JSON: the verdict');
    is_deeply([@{ $moved // {} }{qw(path verdict reason because-of)}], ['0000:01:00.0', 'moves', 'bridge-reset', '0000:00:03.0'],
        'JSON: the device that moves, its path, and the reason');
    is($object->{record}{devices}, 3, 'JSON: the number of devices');
    cmp_ok($object->{'config-reads'} // 0, '>', 7, 'JSON: the number of config reads');
    ($status, $output) = pcigate({}, 'show', '--json', $good);
    $object = eval { JSON::PP->new->utf8->decode($output) } // {};
    my ($below) = grep { $_->{address} eq '0000:04:00.0' } @{ $object->{functions} // [] };
    is_deeply([@{ $below // {} }{qw(presence id parent refcount)}], ['present', '8086:10d3', '0000:03:00.0', 1],
        'JSON: a function in the output of show');
    ($status, $output) = pcigate({}, 'show', '--json', 'tests/vectors/vfs-absent.dts');
    $object = eval { JSON::PP->new->utf8->decode($output) } // {};
    my ($physical) = grep { $_->{address} eq '0000:01:00.0' } @{ $object->{functions} // [] };
    is_deeply([map { [@{$_}{qw(address verdict reason)}] } @{ $physical->{'virtual-functions'} // [] }],
        [['0000:01:00.2', 'keeps', undef], ['0000:01:00.4', 'unverified', 'vf-absent']], 'JSON: the virtual functions of a function');
    ($status, $output) = pcigate({}, 'show', '--json', $malformed);
    $object = eval { JSON::PP->new->utf8->decode($output) } // {};
    is_deeply([$status, @{ $object->{record}{problem} // {} }{qw(reason field value)}],
        [1, 'record-malformed', 'luo_ser.flbs_pa', '0x0'], 'JSON: the problem of a malformed record');
}

# Records that can be read only in part.
is_run('show: a record of which nothing can be read', {}, ['show', 'tests/vectors/kho-version-1.dts'], 1,
    qr/^record   not readable\ntrouble  .* kho-v1, at 0x[0-9a-f]+ \[record-version-unknown\]\n\z/m, '');
{
    my %wanted = (
        'kho-version-1' => [(undef) x 7],
        'luo-version-1' => ['kho-v4', (undef) x 6],
        'pci-version-3' => ['kho-v4', 'luo-v5', undef, 1, 3, undef, undef],
        'kho-without-luo' => ['kho-v4', undef, undef, undef, 0, 0, 0],
        'unharmed' => ['kho-v4', 'luo-v5', 2, 1, 3, 3, 4],
    );
    for my $vector (sort keys %wanted) {
        my (undef, $output) = pcigate({}, 'show', '--json', "tests/vectors/$vector.dts");
        my $record = (eval { JSON::PP->new->utf8->decode($output) } // {})->{record} // {};
        is_deeply([@$record{qw(kho luo pci liveupdate files devices bridges)}], $wanted{$vector}, "JSON: what is read of the record of $vector");
    }
}

# Sources of captures.
is_run('a .dtb', {}, ['check', '-q', $dtb], 0, '', '');
is_run('a .dtb on standard input', { stdin => $dtb }, ['check', '-q', '-'], 0, '', '');
is_run('empty standard input', {}, ['check', '-'], 2, '', "pcigate: standard input: is empty\n");

# Input that is not a capture.
is_run('a file that does not exist', {}, ['check', "$dir/none"], 2, '', "pcigate: $dir/none: cannot open it: No such file or directory\n");
is_run('a directory', {}, ['check', $dir], 2, '', "pcigate: $dir: cannot read it: Is a directory\n");
is_run('an empty file', {}, ['check', put('empty', '')], 2, '', "pcigate: $dir/empty: is empty\n");
is_run("not a flattened device tree: $_->[0]", {}, ['check', put(@$_)], 2, '',
    "pcigate: $dir/$_->[0]: is not a flattened device tree (.dtb); compile text with dtc: dtc -q -O dtb FILE | pcigate check -; pcigate plan and diff read the output of lspci\n")
    for ['noise', "\x7fELF\0\0"], ['text', get($good)], ['short', "\xd0\x0d\xfe"];
{
    my $truncated = 0;
    my @lengths = (4, 8, 39, 40, 41, map { int(length($blob) * $_ / 16) } 1 .. 15);
    for my $length (@lengths, length($blob) - 1) {
        my $file = put('cut.dtb', substr($blob, 0, $length));
        my ($status, $output, $complaint) = pcigate({}, 'check', $file);
        $truncated++ if $status eq '2' && $output eq ''
            && $complaint =~ /^pcigate: \Q$file\E: damaged device tree: FDT_ERR_\w+\n\z/;
    }
    is($truncated, @lengths + 1, 'a .dtb truncated anywhere is damaged');
    my $longer = put('long.dtb', $blob . "\0" x 100);
    is_run('a .dtb followed by other bytes', {}, ['check', '-q', $longer], 0, '', '');
}
is_run('a capture above 64 MiB', { stdin => '/dev/zero' }, ['check', '-'], 2, '', "pcigate: standard input: is larger than 64 MiB\n");
is_run('a dump above 64 MiB', { stdin => '/dev/zero' }, ['plan', '-F', '-'], 2, '', "pcigate: standard input: is larger than 64 MiB\n");
for my $command (['check'], ['show'], ['plan'], ['plan', '-F']) {
    is_run("@$command: a device", {}, [@$command, '/dev/zero'], 2, '', "pcigate: /dev/zero: is a device, not a file\n");
}
{
    my $names = join '', map { "\t\t\tp$_;\n" } 100 .. 500;
    my $text = qq{/dts-v1/;\n/ {\n\tcompatible = "pcigate-capture-v1";\n\tmemory\@0 {\n\t\treg = <0 0 0 0x1000000>;\n\t\ttree\@0 {\n$names\t\t};\n\t};\n};\n};
    is_run('a tree with many names of properties', {}, ['check', '-q', put('names.dts', $text)], 0, '', '');
    my $device = qr{/memory\@0/tree\@0: has more than 2048 bytes of names of properties\n\z};
    is_run('a tree with too many names of properties', {}, ['check', put('names.dts', $text =~ s/p(\d+);/p$1-of-a-long-name;/gr)], 2, '', $device);
}
{
    # dtc cannot compile that many nodes below one node, so this makes the tree: header, structure, names.
    my $tree = sub {
        my ($nr) = @_;
        my $nodes = join '', map { pack 'N Z* x!4 N3 N4 N', 1, sprintf('memory@%x', $_ * 4096), 3, 16, 11, 0, $_ * 4096, 0, 16, 2 } 1 .. $nr;
        my $structure = pack('N a4 N3 a20', 1, '', 3, 19, 0, "pcigate-capture-v1\0") . $nodes . pack 'N2', 2, 9;
        my $names = "compatible\0reg\0";
        my $head = pack 'N10 x16', 0xd00dfeed, 56 + length($structure) + length $names, 56, 56 + length $structure, 40, 17, 16, 0,
            length $names, length $structure;
        return $head . $structure . $names;
    };
    is_run('many pieces of memory', {}, ['check', '-q', put('pieces', $tree->(16384))], 0, '', '');
    is_run('too many pieces of memory', {}, ['check', put('pieces', $tree->(16385))], 2, '',
        "pcigate: $dir/pieces: /memory\@4001000: more than 16384 pieces of memory\n");
}

# Text from a capture must not control the terminal.
is_run('no escape sequences from a capture', {},
    ['show', put('escape.dts', qq{/dts-v1/;\n/ {\n\tcompatible = "pcigate-capture-v1";\n\tdescription = "a\\x1b[31mb\\nc";\n};\n})],
    0, qr/^capture  a\?\[31mb\?c\n/, '');
is_run('no escape sequences from a file name', {}, ['check', "$dir/a\033[31m"], 2, '', qr{\Apcigate: \Q$dir\E/a\?\[31m: cannot open it});
is_run('JSON is UTF-8, also if the capture is not', {},
    ['show', '--json', put('latin.dts', qq{/dts-v1/;\n/ {\n\tcompatible = "pcigate-capture-v1";\n\tdescription = "Gr\\xfcn";\n};\n})],
    0, qr/"description": "Gr\?n"/, '');

# --expect.
is_run('--expect: the expected result', {}, ['check', '--expect', $bad], 0, '', '');
is_run('--expect: a wrong verdict', {}, ['check', '--expect', '--cmdline', 'pcigate=report kho=on liveupdate=on', $bad], 1, qr/OPEN/,
    qr/: expected to stop, but it opens\n/);
is_run('--expect: a wrong reason', {}, ['check', '--expect', '--cmdline', 'pci=off', $bad], 1, qr/next-without-pci/,
    qr/: the reason bridge-reset was expected, but not given\n.*: the reason next-without-pci was given, but not expected\n/);
is_run('--expect: a missing line', {}, ['check', '--expect', '--cmdline', 'pcigate=off', $good], 1, qr/OPEN/,
    qr/: no line contains '0000:00:02\.0 keeps its address'\n/);
is_run('--expect: a capture without /expect', {}, ['check', '--expect', put('bare.dts',
    qq{/dts-v1/;\n/ {\n\tcompatible = "pcigate-capture-v1";\n};\n})], 2, '', qr/: has no node \/expect\n/);
is_run('--expect: a code that does not exist', {}, ['check', '--expect', put('typo.dts',
    qq{/dts-v1/;\n/ {\n\tcompatible = "pcigate-capture-v1";\n\texpect {\n\t\tverdict = "open";\n\t\treasons = "bridge-rest";\n\t};\n};\n})],
    2, qr/OPEN/, qr/'bridge-rest' is not a reason code\n/);

SKIP: {
    skip 'no /dev/full', 7 unless -c '/dev/full';
    is_run('check: a full disk is an error', { stdout => '/dev/full' }, ['check', $good], 2, '', qr/^pcigate: cannot write the output: /);
    is_run("@$_: a full disk is an error", { stdout => '/dev/full' }, $_, 2, '', qr/^pcigate: cannot write the output: /)
        for ['show', $good], ['plan', $good], ['plan', '--dot', $good], ['--help'], ['--version'];
    is_run('check --json: a full disk is an error', { stdout => '/dev/full' }, ['check', '--json', $good], 2, '',
        qr/^pcigate: cannot write the output/);
}

# The running kernel's verdict: pipes in place of its log and of the verdict, which is read first.
SKIP: {
    skip 'not root, or no PCI or /dev/kmsg here', 4 if $> || !-d '/sys/bus/pci' || !-e '/dev/kmsg' || system('unshare -m true 2>/dev/null');
    my $live = put('live', <<'END');
set -e
work=$1 record=$2 verdict=$3
shift 3
mount -t tmpfs none "$work"
mkdir "$work/pci"
mkfifo "$work/log" "$work/pci/liveupdate_verdict"
echo 'quiet pci=resource_alignment=0000:03:00.0' >"$work/cmdline"
mount --bind "$work/pci" /sys/bus/pci
mount --bind "$work/log" /dev/kmsg
mount --bind "$work/cmdline" /proc/cmdline
{ exec 3<>"$work/log"; echo "$record" >&3; echo "$verdict" >/sys/bus/pci/liveupdate_verdict; sleep 1; } &
exec "$@"
END
    mkdir "$dir/mount" or die "$dir/mount: $!";
    my $check = sub {
        my ($record, $verdict, @options) = @_;
        return run({}, 'unshare', '-m', 'sh', $live, "$dir/mount", "4,1,1,-;$record", $verdict, $pcigate, 'check', @options);
    };
    my @line = ('pcigate: 0000:03:00.0 MOVES to 0000:04:00.0: bridge 0000:00:01.0 was reset [bridge-reset]', 'pcigate: STOP: by the kernel\'s check');
    my $user = 'kernel parameter pci=resource_alignment=0000:03:00.0';
    is_deeply([$check->($line[0], 'stop')], [1, "$line[0]\npcigate:     used by $user\n$line[1]\n", ''], 'check: the running kernel says stop');
    my ($status, $output, $complaint) = $check->($line[0], 'stop', '--json');
    is_deeply([$status, eval { JSON::PP->new->utf8->decode($output) }, $complaint],
        [1, { verdict => 'stop', lines => \@line, lost => [{ address => '0000:03:00.0', tomorrow => '0000:04:00.0', users => [$user] }] }, ''], 'check --json: the running kernel says stop');
    ($status, $output, $complaint) = $check->('pcigate: OPEN: no device is preserved', 'open', '--json');
    is_deeply([$status, eval { JSON::PP->new->utf8->decode($output) }, $complaint],
        [0, { verdict => 'open', lines => ['pcigate: OPEN: no device is preserved'], lost => [] }, ''], 'check --json: the running kernel says open');
    is_deeply([$check->($line[0], 'perhaps', '--json')], [2, '', "pcigate: /sys/bus/pci/liveupdate_verdict: not a verdict: 'perhaps?'\n"], 'check --json: no verdict');
}

# Gated images.
{
    my $see_load = qr/; see pcigate load --help\n\z/;
    is_run('load: no argument', {}, ['load'], 2, '', qr/^pcigate: load: a kernel image is missing$see_load/);
    is_run('load: an unknown option', {}, ['load', '--initramfs', 'x'], 2, '', qr/^pcigate: load: unknown option '--initramfs'$see_load/);
    is_run('load: --on-stop with an unknown action', {}, ['load', '--on-stop', 'sleep', 'x'], 2, '',
        qr/^pcigate: load: --on-stop takes halt, reset, poweroff or report, not 'sleep'$see_load/);
    is_run('load: --preserve without an address', {}, ['load', '--preserve', 'nvme0', 'x'], 2, '',
        qr/^pcigate: load: --preserve takes .*, not 'nvme0'$see_load/);
    is_run('load: --all and --preserve', {}, ['load', '--all', '--preserve', '1.0', 'x'], 2, '', qr/^pcigate: load: either .*$see_load/);
    is_run('load: two actions', {}, ['load', '--unload', 'x'], 2, '', qr/^pcigate: load: only one of .*$see_load/);
    is_run('load: a line that is too long', {}, ['load', '--append', 'x' x 2048, $good], 2, '',
        "pcigate: the command line has 2048 bytes, the kernel takes 2047\n");

    my $image = put('not-a-kernel', 'x' x 100);
    my $see = qr/; see pcigate wrap --help\n\z/;
    is_run('wrap: --help', {}, ['wrap', '--help'], 0, qr/^usage: pcigate wrap /, '');
    is_run('wrap: no argument', {}, ['wrap', '-o', "$dir/gated"], 2, '', qr/^pcigate: wrap: a kernel image is missing$see/);
    is_run('wrap: no output', {}, ['wrap', $image], 2, '', qr/^pcigate: wrap: -o is missing: .*$see/);
    is_run('wrap: two images', {}, ['wrap', '-o', "$dir/gated", $image, $image], 2, '', qr/^pcigate: wrap: one image at a time, .*$see/);
    is_run('wrap: an unknown option', {}, ['wrap', '--stage', $image], 2, '', qr/^pcigate: wrap: unknown option '--stage'$see/);
    is_run('wrap: an unknown option among several letters', {}, ['wrap', '-xh'], 2, '', qr/^pcigate: wrap: unknown option '-x'$see/);
    {
        my $typed = `script -qec '$pcigate wrap -o - $dir/none; echo status \$?' /dev/null </dev/null`;
        is($typed, "pcigate: the output is binary, and standard output is a terminal: use -o FILE\r\nstatus 2\r\n", 'wrap: standard output is a terminal');
    }
    truncate put('large', ''), 65 << 20 or die "$dir/large: $!";
    is_run('wrap: a file as large as an image may be', {}, ['wrap', '-o', "$dir/gated", "$dir/large"], 2, '',
        "pcigate: $dir/large: is not a bzImage: boot_flag is 0x0, not 0xaa55\n");
    unlink "$dir/large";
    is_run('wrap: a file that is not a kernel image', {}, ['wrap', '-o', "$dir/gated", $image], 2, '', qr/^pcigate: \Q$image\E: is not a bzImage: /);
    is_run('unwrap: a file that is not a kernel image', {}, ['unwrap', '-o', "$dir/gated", $image], 2, '', qr/^pcigate: \Q$image\E: is not a bzImage: /);
    is_run('unwrap: --record', {}, ['unwrap', '--record', $good, '-o', "$dir/gated", $image], 2, '',
        qr/^pcigate: unwrap: --record and --cmdline are options of wrap/);
    is_run('unwrap: --cmdline', {}, ['unwrap', '--cmdline', 'quiet', '-o', "$dir/gated", $image], 2, '',
        qr/^pcigate: unwrap: --record and --cmdline are options of wrap/);
    is_run('wrap: a record without identities', {}, ['wrap', '--record', $good, '-o', "$dir/gated", $image], 2, '',
        qr/^pcigate: \Q$dtb\E: has no record of pcigate's own, only Linux's$/);
    is_run('wrap: a payload of no known compression', {}, ['wrap', '-o', "$dir/gated", put('packed', image('abcdefgh'))], 2, '',
        qr/^pcigate: \Q$dir\E\/packed: payload: 8 bytes .*\n\z/);
    ok(!-e "$dir/gated", 'wrap and unwrap have written no file');

    my ($kernel, $gated) = (put('vmlinuz', image(gzip(elf()))), "$dir/gated");
    is_run('wrap: a line that is too long', {}, ['wrap', '--cmdline', 'x' x 2048, '-o', $gated, $kernel], 2, '',
        "pcigate: $kernel: --cmdline: with the built-in line, more than 2047 bytes\n");
    put('config', qq{# Linux/x86 7.3.4-test Kernel Configuration\nCONFIG_CMDLINE_BOOL=y\nCONFIG_CMDLINE="quiet"\n});
    is_run('wrap: --cmdline', {}, ['wrap', '--cmdline', 'pcigate.stop=reset', '-o', $gated, $kernel], 0, '', '');
    ok(get($gated) =~ /quiet pcigate\.stop=reset\0/, 'wrap: --cmdline follows the built-in line');
    is_run('wrap', {}, ['wrap', '-o', $gated, $kernel], 0, '', '');
    is_run('inspect: a gated image', {}, ['inspect', $gated], 0, qr/^gated image +yes$/m, '');
    is_run('wrap: twice', {}, ['wrap', '-o', "$dir/twice", $gated], 2, '', "pcigate: $gated: is a gated image already\n");
    is_run('unwrap', {}, ['unwrap', '-o', "$dir/back", $gated], 0, '', '');
    ok(get("$dir/back") eq get($kernel), 'unwrap writes the original');
    my $signed = put('signed', signed(get($kernel)));
    is_run('wrap: a signed image', {}, ['wrap', '-o', $gated, $signed], 0, '',
        "pcigate: $signed is signed, and the gated image is not. To sign it: sbsign --key KEY --cert CERT --output $gated $gated\n");
    is_run('unwrap: a signed image', {}, ['unwrap', '-o', "$dir/back", $gated], 0, '', '');
    ok(get("$dir/back") eq get($signed), 'unwrap writes the original with its signature');
}

# The documentation.
{
    my $doc = get('docs/capture.md');
    my ($example) = $doc =~ /## A small one\n\n```dts\n(.*?)```/s;
    my ($shown) = $doc =~ /^    \$ dtc .* small\.dts \| pcigate check -\n((?:    .*\n)+)/m;
    is_run('docs/capture.md: the first example has the output below it', {},
        ['check', put('small.dts', $example // '')], 1, ($shown // 'nothing') =~ s/^    //mgr, '');

    my ($vector, $drawn) = get('README.md') =~ m{^    \$ dtc .* (\S+) \| build/pcigate plan -\n((?:(?:    .*)?\n)+)}m;
    is_run('README.md: the plan has the output below it', { env => { LC_ALL => 'C.UTF-8' } },
        ['plan', $vector // 'none'], 1, ($drawn // 'nothing') =~ s/^    //mgr =~ s/\n+\z/\n/r, '');

    my ($config) = $doc =~ /## config\n\n```dts\n(.*?)```/s;
    is_run('docs/capture.md: the example of /config can be read', {},
        ['check', '-q', put('config.dts', qq{/dts-v1/;\n/ {\n\tcompatible = "pcigate-capture-v1";\n$config};\n})], 0, '', '');

    my ($status, $help) = pcigate({}, '--help');
    $help .= (pcigate({}, $_, '--help'))[1] for 'check', 'show', 'plan', 'diff', 'inspect', 'wrap', 'record', 'load';
    my @manuals = $help =~ /^Manual: (\S+)\(8\)$/mg;
    is_deeply([map { scalar(-e "docs/$_.8") ? $_ : "no $_" } @manuals], [map { "pcigate-$_" } qw(check show plan diff inspect wrap record load)],
        'the help of each command names its man page');
    my %help = map { $_ => 1 } $help =~ /(--[a-z][a-z-]*)/g;
    my $pages = join '', map { get($_) } sort glob 'docs/*.8';
    my $page = $pages =~ s/\\-/-/gr;
    my %man = map { $_ => 1 } map { /(--[a-z][a-z-]*)/g } $page =~ /^\.TP\n(\.(?:B|BI|BR) .*)/mg;
    is_deeply([sort keys %man], [sort keys %help], 'the man pages have the options of --help');
    for my $command ('check', 'show', 'plan', 'diff', 'inspect', 'wrap', 'record', 'load') {
        my %shown = map { $_ => 1 } map { /(--[a-z][a-z-]*)/g } (pcigate({}, $command, '--help'))[1] =~ /^( {2,6}(?:-\w, )?--\S+)/mg;
        my (undef, $words) = run({}, 'bash', '-c', '. tools/completion/pcigate; COMP_WORDS=(pcigate $1 --) COMP_CWORD=2; _pcigate; echo "${COMPREPLY[*]}"', 'bash', $command);
        is_deeply([sort grep { $_ ne '--version' } split ' ', $words], [sort keys %shown], "$command: the completion has the options of --help");
    }

    my ($statuses) = $help =~ /^Exit status: (.*)$/m;
    my ($section) = get('docs/pcigate.8') =~ /^\.SH EXIT STATUS\n(.*?)^\.SH /ms;
    is_deeply([($section // '') =~ /^\.B (\d+)$/mg], [($statuses // '') =~ /\b(\d) /g], 'the man page has the exit statuses of --help');

    # In the man page, each key at the top level of an object has a line, which names the keys below it.
    my $json = join '', $pages =~ /^\.SH JSON\n(.*?)(?=^\.SH )/msg;
    my %table = $json =~ s/\\-/-/gr =~ /^\.SS (.*?)\n(.*?)(?=^\.SS |\z)/msg;
    my %object = (
        check => ['check', 'tests/vectors/bridge-reset.dts'],
        show => ['show', 'tests/vectors/bridge-reset.dts'],
        'show, of a tree alone' => ['show', own_record()],
        plan => ['plan', 'tests/vectors/bridge-reset.dts'],
        diff => ['diff', 'tests/vectors/bridge-reset.dts', 'tests/vectors/unharmed.dts'],
        inspect => ['inspect', put('kernel', signed(image(gzip(elf()))))],
    );
    # A test above has the object of the running kernel.
    delete $table{'check, without CAPTURE'};
    is_deeply([sort keys %table], [sort keys %object], 'the man pages have an object for each command');
    for my $command (sort keys %object) {
        my (undef, $output) = pcigate({}, @{ $object{$command} }, '--json');
        my $got = eval { JSON::PP->new->utf8->decode($output) } // {};
        my @documented = map { split /, / } ($table{$command} // '') =~ /^\.TP\n\.B ([a-z, -]+)$/mg;
        is_deeply([sort @documented], [sort keys %$got], "$command: the man page has the keys at the top level");
        my @missing = grep { ($table{$command} . ($table{check} // '')) !~ /\b\Q$_\E\b/ } keys_below($got);
        ok(!@missing, "$command: the man page has the keys below") or diag("missing: @missing");
    }

    my @structures = get('lib/capture/fill.c') =~ /^\t\{ "(\w+)",/mg;
    my @missing = grep { $doc !~ /^\| `$_\@` \| \d+ \|/m } @structures;
    ok(@structures >= 8 && !@missing, 'docs/capture.md has every structure') or diag("missing: @missing");
    my @properties = get('lib/capture/functions.c') =~ /\{ "([a-z]+)", (?:0x|[A-Z])/g;
    @missing = grep { $doc !~ /`$_`/ } @properties;
    ok(@properties >= 8 && !@missing, 'docs/capture.md has every register') or diag("missing: @missing");
}

done_testing();
