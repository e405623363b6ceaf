/* Two elements need a hand: decoders give up a damaged file after some packets, not at the first,
 * and faad gets the beginning of an MP4 right only when the chain begins a frame before it. */
#include "content/worker_element_gst.h"

#include <stdio.h>
#include <unistd.h>

#define DECODE_ERRORS 10 /* damaged packets in a row before the file counts as broken */
#define AAC_FRAME     1024

/* faad swallows the first frame, whose time all later ones then bear; an MP4 says that its sound
 * begins after that frame, so that a second one, of real sound, would be cut away. */
static GstPadProbeReturn begin_a_frame_sooner(GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
    (void)data;
    GstEvent *event = GST_PAD_PROBE_INFO_EVENT(info);
    g_autoptr(GstCaps) caps = gst_pad_get_current_caps(pad);
    GstSegment segment;
    int rate = 0;
    if (GST_EVENT_TYPE(event) != GST_EVENT_SEGMENT || caps == NULL ||
        !gst_structure_get_int(gst_caps_get_structure(caps, 0), "rate", &rate) || rate <= 0)
        return GST_PAD_PROBE_OK;
    gst_event_copy_segment(event, &segment);
    const guint64 frame = gst_util_uint64_scale_int(AAC_FRAME, GST_SECOND, rate);
    if (segment.format != GST_FORMAT_TIME || segment.start < frame)
        return GST_PAD_PROBE_OK;
    segment.start -= frame;
    gst_event_unref(event);
    GST_PAD_PROBE_INFO_DATA(info) = gst_event_new_segment(&segment);
    return GST_PAD_PROBE_OK;
}

GstElement *worker_element_gst_add(GstElement *pipeline, const char *name)
{
    GstElement *element = gst_element_factory_make(name, NULL);
    if (element == NULL) {
        fprintf(stderr, "loa-content-worker: GStreamer element '%s' is missing\n", name);
        _exit(3);
    }
    if (g_object_class_find_property(G_OBJECT_GET_CLASS(element), "max-errors") != NULL)
        g_object_set(element, "max-errors", DECODE_ERRORS, NULL);
    if (g_str_equal(name, "faad")) {
        g_autoptr(GstPad) entry = gst_element_get_static_pad(element, "sink");
        gst_pad_add_probe(entry, GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM, begin_a_frame_sooner, NULL,
                          NULL);
    }
    gst_bin_add(GST_BIN(pipeline), element);
    return element;
}
