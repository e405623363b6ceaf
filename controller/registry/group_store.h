/* Groups across communes ("liên xã"): a named set of areas and stations, made at one area.
 *
 * What lies at or below that area simply belongs. What lies elsewhere is asked for, and belongs
 * while its own leaders accept; they may refuse, and withdraw later. */
#pragma once

#include "db/database.h"

#define GROUP_MEMBERS_MAX 200
#define GROUP_NAME_MAX    120
#define GROUP_REASON_MAX  500
#define GROUP_WAITING_MAX 1000 /* groups looked at for requests that wait */

typedef enum { GROUP_AREA, GROUP_STATION } GroupKind;
extern const char *const group_kind_words[]; /* NULL-terminated */

typedef enum {
    GROUP_REQUESTED, /* its area has not answered */
    GROUP_ACCEPTED,
    GROUP_REFUSED,
    GROUP_WITHDRAWN, /* accepted once, and taken back */
    GROUP_OWN,       /* lies below the area of the group: nobody needs to be asked */
} GroupState;
extern const char *const group_state_words[];

typedef struct GroupMember {
    GroupKind kind;
    char *id;
    char *name;
    char *area; /* itself, or that of the station */
    char *area_name;
    GroupState state;
    char *accepted_area; /* GROUP_ACCEPTED: it belongs while it stays below this one; else NULL */
    char *asked_by_name;
    int64_t asked_us;
    char *answered_by_name; /* NULL = no answer yet */
    int64_t answered_us;
    char *reason;
} GroupMember;

typedef struct Group {
    char *id;
    char *area;
    char *area_name;
    char *name;
    char *created_by_name;
    int64_t created_us;
    GPtrArray *members; /* GroupMember*, in the order given; those that are gone left out */
} Group;

Group *group_new(void);
void group_free(Group *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Group, group_free)
void group_member_free(GroupMember *member);
void group_add_member(Group *self, GroupKind kind, const char *id);
/* NULL = no member. */
const GroupMember *group_find(const Group *self, const char *member);

/* NULL without error when there is none. */
Group *group_store_get(Database *database, const char *id, GError **error);
/* Groups made at or below the area, and those that ask for something there, by name. Group*. */
GPtrArray *group_store_list(Database *database, const char *area, const char *after, unsigned limit,
                            GError **error);
/* Members (GroupMember*) as group_store_get() gives them; empty for a group that is not there. */
GPtrArray *group_store_members(Database *database, const char *id, GError **error);
/* Area of the group; NULL when there is none. */
char *group_store_area(Database *database, const char *id);

bool group_store_add(Database *database, const Group *group, int64_t now_us,
                     GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Name and members as they are to be; who was a member keeps the answer. `asked_by` asks the new.
 */
bool group_store_change(Database *database, const Group *group, const char *asked_by,
                        int64_t now_us, GError **error) G_GNUC_WARN_UNUSED_RESULT;
bool group_store_delete(Database *database, const char *id,
                        GError **error) G_GNUC_WARN_UNUSED_RESULT;

typedef struct GroupAnswer {
    const char *group, *member;
    GroupState state;
    const char *by_name;
    const char *reason; /* may be NULL */
} GroupAnswer;

/* Asks again (GROUP_REQUESTED) or answers; the area accepted for is the member's of now. */
bool group_store_answer(Database *database, const GroupMember *member, const GroupAnswer *answer,
                        int64_t now_us, GError **error) G_GNUC_WARN_UNUSED_RESULT;
