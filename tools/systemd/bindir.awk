# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# Puts BINDIR of the environment in the place of @BINDIR@, which stands between double quotes in a unit: what systemd would
# take for something else there is escaped (systemd.service(5), command lines).
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
