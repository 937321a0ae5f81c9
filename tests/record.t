#!/usr/bin/env perl
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# record.t - pcigate record: its options, its output, and a recording of the machine that the test runs on, if it has PCI.
# tests/qemu/efi/11-record-host.t compares recordings.
use strict;
use warnings;

BEGIN { print STDERR "$0: unknown argument: $ARGV[0] (it takes none)\n" and exit 2 if @ARGV }

use File::Copy qw(copy);
use File::Temp qw(tempdir);
use JSON::PP ();
use POSIX ();
use Test::More;

use FindBin;
use lib "$FindBin::Bin/perl";
use Command;

my $help = qr/; see pcigate record --help\n\z/;

is_run('--help', {}, ['record', '--help'], 0, qr/^usage: pcigate record .*\n(.*\n)*Exit status: 0 /, '');
is_run('an unknown long option', {}, ['record', '--json'], 2, '', qr/^pcigate: record: unknown option '--json'$help/);
is_run('an unknown short option', {}, ['record', '-x'], 2, '', qr/^pcigate: record: unknown option '-x'$help/);
is_run('-o without a file', {}, ['record', '-o'], 2, '', qr/^pcigate: record: an argument is missing for '-o'$help/);
is_run("'$_' is not an address", {}, ['record', '01:00.0', $_], 2, '', qr/^pcigate: record: a device is .*, not '\Q$_\E'$help/)
    for '', 'garbage', '01:00', '0:0:20.0', '100:00.0';
is_run('--all and an address', {}, ['record', '01:00.0', '--all'], 2, '',
    qr/^pcigate: record: either --all or devices, but there is also '01:00.0'$help/);

# script(1) gives pcigate a terminal as standard output.
{
    my $typed = `script -qec '$pcigate record --all; echo status \$?' /dev/null </dev/null`;
    is($typed, "pcigate: the output is binary, and standard output is a terminal: use -o FILE\r\nstatus 2\r\n", 'a terminal');
}

my @found = glob '/sys/bus/pci/devices/*';
my @devices = grep { !-e "$_/physfn" } @found;
SKIP: {
    skip 'the tests do not run as root, or this host has no PCI', 1 if $> || !@devices;

    my $file = "$dir/host.dtb";
    is_run('this host is recorded', {}, ['record', '--all', '-o', $file], 0, qr/^recorded: \d+ of \d+ functions, .*\n\z/, qr/^(pcigate: this host: .* left out.*\n|.* ends: .*\n)*\z/);
    is((stat $file)[2] & 07777, 0666 & ~umask, 'a new file has the usual mode');
    my ($driver) = map { readlink("$_/driver") // () } @devices;
    SKIP: {
        skip 'no device has a driver', 4 unless $driver;
        $driver =~ s{.*/}{};
        my @bound = grep { (readlink("$_/driver") // '') =~ m{/\Q$driver\E\z} && (get("$_/class") !~ /^0x06/) } @devices;
        skip 'only bridges have a driver', 4 unless @bound;
        is_run('the devices of a driver are recorded', {}, ['record', "driver:$driver", '-o', "$dir/bound.dtb"], 0, qr/^recorded: ${\ scalar @bound} of /, qr//);
        is_run('a device by address and by driver counts once', {}, ['record', ($bound[0] =~ s{.*/}{}r) . ",driver:$driver", '-o', "$dir/bound.dtb"], 0,
            qr/^recorded: ${\ scalar @bound} of /, qr//);
        my $address = $bound[0] =~ s{.*/}{}r;
        is_run("a device counts once: $_->[0] $_->[1]", {}, ['record', @$_[0, 1], '-o', "$dir/bound.dtb"], 0, qr/^recorded: ${\ $_->[2]} of /, qr//)
            for ["driver:$driver,$address", $address, scalar @bound], [$address, $address, 1];
    }
    is_run('no device has the driver', {}, ['record', 'driver:none-of-these', '-o', "$dir/bound.dtb"], 2, '',
        "pcigate: this host: driver:none-of-these: no device has this driver\n");
    is_run('check reads the recording', {}, ['check', $file, '--cmdline', 'kho=on liveupdate=on'], 0, qr/^pcigate: OPEN: /m, '');
    is_run('show reads the recording', {}, ['show', $file], 0, qr/^record /m, '');
    my $json = is_run('plan reads the recording', {}, ['plan', '--json', $file, '--cmdline', 'kho=on liveupdate=on'], 0, qr/^\{/, '');
    my $recorded = eval { JSON::PP->new->decode($json) } // {};
    my $live = JSON::PP->new->decode((pcigate({}, 'plan', '--json'))[1]);
    is_deeply([map { "$_->{address} $_->{id}" } @{ $recorded->{functions} }], [map { "$_->{address} $_->{id}" } @{ $live->{functions} }],
        'the recording has the functions that plan finds in this host');
    is_deeply($recorded->{roots}, [map { +{ %$_, 'end-assumed' => JSON::PP::false } } @{ $live->{roots} }], 'the recording has the root buses that plan finds in this host');
    my $line = get('/proc/cmdline') =~ s/\n//r;
    like((JSON::PP->new->decode((pcigate({}, 'check', '--json', $file))[1]))->{cmdline}, qr/^(kho=on )?(liveupdate=on )?\Q$line\E\z/,
        'the recorded command line is the running one, behind the words that Linux needs');

    # Output.
    my $whole = get($file);
    my ($status, $written) = pcigate({}, 'record', '--all');
    is($status, 0, 'record without -o: status');
    is($written, $whole, 'record without -o writes the same bytes to standard output');
    chmod 0600, $file;
    symlink 'host.dtb', "$dir/link";
    put('host.dtb', 'old');
    is_run('the output is a symbolic link', {}, ['record', '--all', '-o', "$dir/link"], 0, qr/^recorded: /, qr/^/);
    ok(-l "$dir/link" && get($file) eq $whole, 'the link does not change, and its file is replaced');
    is((stat $file)[2] & 07777, 0600, 'the replaced file keeps its mode');
    put('host.dtb', 'old');
    is_run('a device that does not exist', {}, ['record', 'ffff:ff:1f.7', '-o', $file], 2, '', "pcigate: this host: nothing answers at ffff:ff:1f.7\n");
    is(get($file), 'old', 'after an error, the old file is unchanged');
    is_run('a directory that does not exist', {}, ['record', '--all', '-o', "$dir/none/file"], 2, '', qr/^pcigate: .*none\/file: No such file or directory\n\z/m);
    is_run('the output is a directory', {}, ['record', '--all', '-o', $dir], 2, '', qr/^pcigate: .*: Is a directory\n\z/m);
    is_run('the output is a character device', {}, ['record', '--all', '-o', '/dev/full'], 2, '', qr/^pcigate: \/dev\/full: No space left on device\n\z/m);
    ok(-c '/dev/full', 'the character device is not replaced');
    is_run('a full disk', { stdout => '/dev/full' }, ['record', '--all'], 2, '', qr/^pcigate: cannot write the output: No space left on device\n\z/m);

    # Accepting a new state. The old one is a dump with one function that this host does not have.
    my $old = "ff:1f.7 Bridge\n" . join '', map { sprintf "%02x: %s\n", 16 * $_, join ' ', ($_ ? '00' : '34') x 4, ('00') x 12 } 0 .. 15;
    for my $answer ('', "\n", "no\n") {
        put('host.dtb', $old);
        is_run('record --update: the answer is ' . ($answer =~ s/\n/\\n/r || 'missing'), { stdin => put('answer', $answer) }, ['record', '--update', '-o', $file], 1, qr/^GONE 0000:ff:1f\.7$/m,
            qr/^pcigate: record this as \Q$file\E\? \[y\/N\] pcigate: \Q$file\E: not accepted, not changed$/m);
        is(get($file), $old, 'the file is unchanged');
    }
    is_run('record --update: the answer is yes', { stdin => put('answer', "y\n") }, ['record', '--update', '-o', $file], 0, qr/^GONE 0000:ff:1f\.7\n.*^recorded: \d+ of /ms, qr/\[y\/N\] /);
    is(get($file), $whole, 'the new state is recorded, with all devices');
    is_run('record --update: the same state', {}, ['record', '--update', '-o', $file], 0, qr/^recorded: /m, qr/\A((?!y\/N).)*\z/s);
    put('host.dtb', 'old');
    is_run('record --update: the file is no recording', { stdin => put('answer', "y\n") }, ['record', '--update', '-o', $file], 2, '', qr/^pcigate: \Q$file\E: /m);
    is(get($file), 'old', 'the file is unchanged');
    is_run('record --update: no file', {}, ['record', '--update', '-o', '-'], 2, '', qr/^pcigate: record: --update compares with a file, not with/);
    is_deeply([glob "$dir/*.dtb.*"], [], 'no temporary file is left');

    # Another user may be unable to read the build directory.
    my $public = tempdir(CLEANUP => 1);
    copy($pcigate, "$public/pcigate") or die "$public/pcigate: $!";
    chmod 0755, $public, "$public/pcigate";
    local $pcigate = "$public/pcigate";
    is_run('record needs root', { uid => 65534 }, ['record', '--all'], 2, '', qr/\Apcigate: this host: config space of .*: run pcigate as root\n\z/);
    is_run('load needs root', { uid => 65534 }, ['load', '--all', $pcigate], 2, '', qr/\Apcigate: this host: config space of .*: run pcigate as root\n\z/);
}

done_testing;
