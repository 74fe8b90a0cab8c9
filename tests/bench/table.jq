# SPDX-License-Identifier: GPL-2.0-or-later
# The figures as a table. Times of the model are what real parts and a real bus would
# have taken; wall times are of an emulated machine and say little by themselves.
def pad($n): tostring | . + (" " * ([$n - length, 0] | max));
def lpad($n): tostring | (" " * ([$n - length, 0] | max)) + .;
def reached: if .reached == null then "" elif .reached then "yes" else "NO" end;
def line($what; $ours; $against; $ratio; $goal; $reached):
	[($what | pad(56)), ($ours | lpad(13)), ($against | lpad(13)), ($ratio | lpad(7)),
	 ($goal | lpad(9)), $reached] | join(" ") | sub(" +$"; "");
"kernel \(.kernel), guest with \(.guest_cpus) CPUs, \(.host.emulation) emulation on \(.host.cpus) CPUs (\(.host.cpu))",
"",
line("what"; "ours"; "against"; "ratio"; "to reach"; ""),
(.rows[] | line(.what; .ours; .against; .ratio // ""; .goal // ""; reached),
	(if .note then "    \(.note)" else empty end))
