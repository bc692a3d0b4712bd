package metrics

import "dhtop/dhtcore"

// trackerMetrics are those of our tracker. Without one their families have no samples.
var trackerMetrics = []metric{
	{"dhtop_tracker_swarms", "Swarms of the tracker.", "gauge", ofTracker(func(t *dhtcore.Tracker, w *sampleWriter) { w.put(float64(t.Swarms)) })},
	{"dhtop_tracker_peers", "Peers in the swarms of the tracker.", "gauge", ofTracker(func(t *dhtcore.Tracker, w *sampleWriter) { w.put(float64(t.Peers)) })},
	{"dhtop_tracker_announces_total", "Announces that were accepted.", "counter", ofTracker(func(t *dhtcore.Tracker, w *sampleWriter) {
		w.put(float64(t.AnnouncesHTTP), "transport", "http")
		w.put(float64(t.AnnouncesUDP), "transport", "udp")
	})},
	{"dhtop_tracker_scrapes_total", "Scrapes that were answered.", "counter", ofTracker(func(t *dhtcore.Tracker, w *sampleWriter) {
		w.put(float64(t.ScrapesHTTP), "transport", "http")
		w.put(float64(t.ScrapesUDP), "transport", "udp")
	})},
	{"dhtop_tracker_refused_total", "Requests that were refused, by reason.", "counter", ofTracker(func(t *dhtcore.Tracker, w *sampleWriter) {
		for reason := range t.RefusedHTTP {
			name := dhtcore.TrackerReason(reason).String()
			w.put(float64(t.RefusedHTTP[reason]), "reason", name, "transport", "http")
			w.put(float64(t.RefusedUDP[reason]), "reason", name, "transport", "udp")
		}
	})},
	{"dhtop_tracker_events_total", "Announces with an event.", "counter", ofTracker(func(t *dhtcore.Tracker, w *sampleWriter) {
		w.put(float64(t.Started), "event", "started")
		w.put(float64(t.Stopped), "event", "stopped")
		w.put(float64(t.Completed), "event", "completed")
	})},
	{"dhtop_tracker_announce_rate", "Announces a second, over about the last minute.", "gauge", ofTracker(func(t *dhtcore.Tracker, w *sampleWriter) { w.put(t.Rate) })},
	{"dhtop_tracker_interval_seconds", "Interval that announces are told.", "gauge", ofTracker(func(t *dhtcore.Tracker, w *sampleWriter) { w.put(seconds(t.Interval)) })},
	{"dhtop_tracker_bridged_peers", "Peers of the DHT that the bridge offers.", "gauge", ofTracker(func(t *dhtcore.Tracker, w *sampleWriter) {
		if t.Bridge != nil {
			w.put(float64(t.Bridge.Peers))
		}
	})},
	{"dhtop_tracker_banned_sources", "Sources whose datagrams are ignored.", "gauge", ofTracker(func(t *dhtcore.Tracker, w *sampleWriter) { w.put(float64(t.Banned)) })},
	{"dhtop_tracker_connections", "Open connections over HTTP.", "gauge", ofTracker(func(t *dhtcore.Tracker, w *sampleWriter) { w.put(float64(t.Connections)) })},
}

// ofTracker reads the tracker of a Snapshot, if it has one.
func ofTracker(read func(t *dhtcore.Tracker, w *sampleWriter)) func(*dhtcore.Snapshot, *sampleWriter) {
	return func(s *dhtcore.Snapshot, w *sampleWriter) {
		if s.Tracker != nil {
			read(s.Tracker, w)
		}
	}
}
