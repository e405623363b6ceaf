/* `loa tls`: HTTPS for a network without a public name. */
#pragma once

#define TLS_DIR "/etc/loa/tls"

int tls_make_main(int argc, char **argv);
int tls_renew_main(int argc, char **argv);
int tls_show_main(int argc, char **argv);
