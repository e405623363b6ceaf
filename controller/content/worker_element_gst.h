/* The elements of the content worker's chains, as they have to be for files of strangers. */
#pragma once

#include <gst/gst.h>

/* By its name, in the pipeline; one that is missing ends the process. */
GstElement *worker_element_gst_add(GstElement *pipeline, const char *name);
