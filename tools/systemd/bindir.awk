# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# Replaces @BINDIR@ in a unit by BINDIR of the environment. The unit has it between double quotes, so
# characters that systemd would interpret are escaped (systemd.service(5), command lines).
BEGIN {
	dir = ENVIRON["BINDIR"]
	gsub(/[\\"]/, "\\\\&", dir)
	gsub(/%/, "%%", dir)
	gsub(/\$/, "$$", dir)
}
{
	at = index($0, "@BINDIR@")
	if (at)
		$0 = substr($0, 1, at - 1) dir substr($0, at + 8)
	print
}
