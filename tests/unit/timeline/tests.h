/* The parts of the one test program of the timeline. */
#pragma once

void examples_add(void);
void rules_add(void);
void happened_add(void);
void worlds_add(void);
void hostile_add(void);
