/* loa station export: plan and sound of one station onto a stick. */
#pragma once

int station_export_main(int argc, char **argv);
