# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# Command.pm - functions for the tests of the command: temporary files in $dir, and runs of build/asan/pcigate ($PCIGATE). This
# module changes to the top directory of the checkout.
package Command;
use strict;
use warnings;

use Cwd qw(abs_path);
use Exporter qw(import);
use File::Basename qw(basename dirname);
use File::Copy qw(copy);
use File::Temp qw(tempdir);
use POSIX ();
use Test::More;

our @EXPORT = qw($pcigate $dir put get compiled run pcigate is_run);

chdir dirname(__FILE__) . '/../..' or die "cannot change to the checkout: $!";
our $pcigate = abs_path($ENV{PCIGATE} // 'build/asan/pcigate');
die "build/asan/pcigate is not built: make check-tools\n" unless $pcigate && -x $pcigate;
our $dir = tempdir(CLEANUP => 1);

sub put {
    my ($name, $content) = @_;
    open my $file, '>:raw', "$dir/$name" or die "$dir/$name: $!";
    print $file $content;
    close $file or die "$dir/$name: $!";
    return "$dir/$name";
}

sub get {
    my ($path) = @_;
    open my $file, '<:raw', $path or die "$path: $!";
    local $/;
    return scalar <$file> // '';
}

# Runs a command; %how: stdin => path, stdout => path, env => {}, uid => number, seconds => how long it
# may take (60). Returns status, standard output, standard error.
sub run {
    my ($how, @command) = @_;
    my ($out, $err) = ($how->{stdout} // "$dir/out", "$dir/err");
    # Another user may be unable to read the build directory.
    if ($how->{uid}) {
        copy($command[0], "$dir/command") or die "$command[0]: $!";
        chmod 0755, $dir, "$dir/command" or die "$dir: $!";
        $command[0] = "$dir/command";
    }
    my $pid = fork // die "fork: $!";
    if (!$pid) {
        # Ends a command that loops or waits without end.
        alarm($how->{seconds} // 60);
        open STDIN, '<', $how->{stdin} // '/dev/null' or POSIX::_exit(99);
        open STDOUT, '>', $out or POSIX::_exit(99);
        open STDERR, '>', $err or POSIX::_exit(99);
        POSIX::setuid($how->{uid}) if $how->{uid};
        $ENV{$_} = $how->{env}{$_} for keys %{ $how->{env} // {} };
        my $program = $command[0];
        exec { $program } basename($program), @command[1 .. $#command] or POSIX::_exit(99);
    }
    waitpid $pid, 0;
    my $wait = $?;
    my $status = $wait & 127 ? 'signal ' . ($wait & 127) : $wait >> 8;
    return ($status, $how->{stdout} ? '' : get($out), get($err));
}

# The command reads no text, so dtc compiles a .dts among the arguments first, into $dir.
sub compiled {
    my ($source) = @_;
    my $file = "$dir/" . basename($source, '.dts') . '.dtb';
    system('dtc', '-q', '-O', 'dtb', '-o', $file, $source) == 0 or die "dtc: $source: status $?\n";
    return $file;
}

sub pcigate {
    my ($how, @arguments) = @_;
    return run($how, $pcigate, map { /\.dts\z/ ? compiled($_) : $_ } @arguments);
}

# is_run(name, how, arguments, status, output, errors): compares the results of a run. Strings must be equal, patterns must
# match. Returns the output.
sub is_run {
    my ($name, $how, $arguments, @wanted) = @_;
    my @got = pcigate($how, @$arguments);
    my @parts = ('status', 'standard output', 'standard error');
    my @wrong = grep { !(ref $wanted[$_] ? $got[$_] =~ $wanted[$_] : $got[$_] eq $wanted[$_]) } 0 .. $#wanted;
    ok(!@wrong, $name) or diag(map { "$parts[$_]: wanted $wanted[$_]\ngot: $got[$_]\n" } @wrong);
    return $got[1];
}

1;
