/* The parts of the one test program of the timeline. */
#pragma once

void examples_add(void);
