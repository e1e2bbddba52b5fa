# The debhelper sequence "foliot" (dh --with foliot): see dh_foliot(1).
use strict;
use warnings;
use Debian::Debhelper::Dh_Lib;

insert_before('dh_gencontrol', 'dh_foliot');

1;
