#!/usr/bin/env perl
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# vectors.t - runs the command on all captures in tests/vectors/ and compares the result with their /expect node.
#
# check and plan also print each vector as JSON, which must agree. For a capture in tests/vectors/malformed/, the first comment
# has the expected error. Each vector is read once by show and once by plan of a command that is built with sanitizers, so that a
# read beyond the requested length is found. The other runs use the ordinary command, whose process starts in a fifth of the time.
use strict;
use warnings;

BEGIN { print STDERR "$0: unknown argument: $ARGV[0] (it takes none)\n" and exit 2 if @ARGV }

use File::Basename qw(basename dirname);
use File::Temp ();
use IPC::Open3 qw(open3);
use JSON::PP ();
use Symbol qw(gensym);
use Test::More;

chdir dirname($0) . '/..' or die "cannot change to the checkout: $!";
my $pcigate = $ENV{PCIGATE} // 'build/pcigate';
my $sanitized = $ENV{PCIGATE} // 'build/asan/pcigate';
-x or die "$_ is not built: make check-tools\n" for $pcigate, $sanitized;
die "dtc is not installed (package device-tree-compiler)\n" if system('command -v dtc >/dev/null');

# The search for leaks takes half of the time of a process, so only tests/limits.t and tests/show-efi.t have it.
$ENV{ASAN_OPTIONS} = join ':', 'detect_leaks=0', $ENV{ASAN_OPTIONS} // ();
my $blob = File::Temp->new(SUFFIX => '.dtb');

# Runs a command; returns exit status (or "signal N"), standard output, standard error.
sub run {
    my @command = @_;
    open my $nothing, '<', '/dev/null' or die $!;
    open my $errors, '+>', undef or die $!;
    my $pid = open3('<&' . fileno $nothing, my $out, '>&' . fileno $errors, @command);
    my $output = do { local $/; <$out> } // '';
    waitpid $pid, 0;
    my $status = $? & 127 ? 'signal ' . ($? & 127) : $? >> 8;
    seek $errors, 0, 0;
    my $complaint = do { local $/; <$errors> } // '';
    return ($status, $output, $complaint);
}

sub compiled {
    my ($source) = @_;
    system('dtc', '-q', '-O', 'dtb', '-o', "$blob", $source) == 0 or die "dtc: $source: status $?\n";
    return "$blob";
}

sub check_vector {
    my ($source) = @_;
    my $name = basename($source, '.dts');
    my $file = compiled($source);

    my ($status, $output, $complaint) = run($pcigate, 'check', '--expect', $file);
    is($status, 0, "$name: check gives the expected result") or diag($complaint, $output);

    my $lines;
    ($status, $lines, $complaint) = run($pcigate, 'check', $file);
    my @lines = split /\n/, $lines;
    my @bad = grep { !/^pcigate: / || length > 80 } @lines;
    ok($status =~ /^[01]$/ && !@bad && @lines && $lines[-1] =~ ($status ? qr/: STOP: / : qr/: OPEN: /),
        "$name: lines begin with pcigate:, have at most 80 columns, and the verdict is the last one")
        or diag("status $status\n$lines$complaint");

    my ($json_status, $json, $json_complaint) = run($pcigate, 'check', '--json', $file);
    my $object = eval { JSON::PP->new->utf8->decode($json) } // {};
    ok($json_status eq $status && ($object->{verdict} // '') eq ($status ? 'stop' : 'open')
            && join("\n", @{ $object->{lines} // [] }, '') eq $lines,
        "$name: check --json has the same verdict and lines")
        or diag("status $json_status, not $status\n$json$json_complaint");

    my ($show_status, $shown, $show_complaint) = run($sanitized, 'show', $file);
    my $problem = $object->{policy}{mode} ne 'off' && $object->{record}{problem};
    ok($show_status =~ /^[01]$/ && $shown =~ /^record   /m && !$show_complaint
            && (!$problem || ($show_status == 1 && $shown =~ /^trouble  .*\[\Q$problem->{reason}\E\]$/m)),
        "$name: show prints the record or its problem")
        or diag("status $show_status\n$shown$show_complaint");

    # If there is a record to judge, the plan has the same verdict. There is no plan for a machine above the limits.
    my ($plan_status, $planned, $plan_complaint) = run($sanitized, 'plan', '--json', $file);
    my $plan = eval { JSON::PP->new->utf8->decode($planned) } // {};
    my $judged = defined $plan->{verdict};
    my @all = @{ $plan->{functions} // [] };
    my @disagree = @{ $plan->{disagreement} // ['?'] };
    ok($plan_status eq (@disagree ? 1 : $judged ? $status : $plan->{problem} ? 1 : 0)
            && join("\n", @{ $plan->{lines} // [] }, '') eq ($judged ? $lines : '')
            && (@all || $plan->{problem} || !@{ $plan->{roots} }),
        "$name: plan --json has the same verdict and lines")
        or diag("status $plan_status, not $status\n$planned$plan_complaint");
    # A function that the pipeline has no reason against keeps its address in the plan for the whole machine.
    ok(!@disagree || $name eq 'plan-disagrees', "$name: the plan for the whole machine agrees with the pipeline")
        or diag("@disagree");

    open my $text, '<', $source or die "$source: $!";
    return unless grep { /^\s*plan = / } <$text>;
    ($plan_status, $planned, $plan_complaint) = run($pcigate, 'plan', '--expect', $file);
    is($plan_status, 0, "$name: plan gives the expected result") or diag($plan_complaint, $planned);
}

sub check_malformed {
    my ($source) = @_;
    my $name = 'malformed/' . basename($source, '.dts');
    my $file = compiled($source);

    open my $text, '<', $source or die "$source: $!";
    my ($wanted) = map { m{^// complaint: (.+)$} ? $1 : () } <$text>;
    my ($status, $output, $complaint) = run($sanitized, 'check', $file);
    is($status, 2, "$name: the exit status is 2") or diag($output, $complaint);
    is($complaint, "pcigate: $file: " . ($wanted // 'no line "// complaint: ..." in the file') . "\n",
        "$name: one line has the place and the error");
}

my @vectors = sort glob 'tests/vectors/*.dts';
my @malformed = sort glob 'tests/vectors/malformed/*.dts';
cmp_ok(scalar @vectors, '>=', 200, 'there are at least 200 vectors');
cmp_ok(scalar @malformed, '>=', 30, 'there are at least 30 malformed captures');
check_vector($_) for @vectors;
check_malformed($_) for @malformed;
done_testing();
