/* What the doctor looks at. Each check says one thing or more and never changes anything. */
#pragma once

#include <stdint.h>

#include "doctor_report.h"

typedef struct DoctorSite {
    const char *config; /* file */
    const char *tls;    /* directory of the certificate */
    const char *nginx;  /* nginx's own file */
    char *people, *stations, *data, *worker, *panel;
    bool behind_proxy;
    int64_t now_us;
} DoctorSite;

typedef void (*DoctorCheck)(const DoctorSite *site, DoctorReport *report);

/* The machine. */
void doctor_check_clock(const DoctorSite *site, DoctorReport *report);
void doctor_check_listeners(const DoctorSite *site, DoctorReport *report);
void doctor_check_worker(const DoctorSite *site, DoctorReport *report);
void doctor_check_panel(const DoctorSite *site, DoctorReport *report);
void doctor_check_certificate(const DoctorSite *site, DoctorReport *report);
void doctor_check_proxy(const DoctorSite *site, DoctorReport *report);
/* The data. */
void doctor_check_config(const DoctorSite *site, DoctorReport *report);
void doctor_check_permissions(const DoctorSite *site, DoctorReport *report);
void doctor_check_disk(const DoctorSite *site, DoctorReport *report);
void doctor_check_database(const DoctorSite *site, DoctorReport *report);
void doctor_check_index(const DoctorSite *site, DoctorReport *report);
void doctor_check_backup(const DoctorSite *site, DoctorReport *report);

/* The status of a GET, 0 for no answer; its body to be freed (`ret_body` may be NULL). */
unsigned doctor_ask(const char *address, const char *path, char **ret_body);

/* Pure parts, for tests. */
unsigned doctor_proxy_connections(const char *conf); /* of nginx's file */
unsigned doctor_proxy_stations(const char *metrics); /* in service, as /metrics has them */
DoctorGrade doctor_grade_connections(unsigned connections, unsigned stations);
DoctorGrade doctor_grade_disk(uint64_t free_bytes, uint64_t total_bytes);
DoctorGrade doctor_grade_backup(int64_t age_us); /* negative = there is none */
DoctorGrade doctor_grade_certificate(int64_t from_us, int64_t until_us, int64_t now_us);
