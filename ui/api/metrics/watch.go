package metrics

import "dhtop/dhtcore"

// watchMetrics are the alerts of the watch list. What is watched has no labels here: there may be thousands.
var watchMetrics = []metric{
	{"dhtop_watched", "Entries of the watch list, by state.", "gauge", ofWatch(func(l *dhtcore.Watch, w *sampleWriter) {
		counts := map[dhtcore.WatchState]int{}
		for _, r := range l.Rows {
			counts[r.State]++
		}
		for _, state := range []dhtcore.WatchState{dhtcore.WatchWaiting, dhtcore.WatchAlive, dhtcore.WatchSeedless, dhtcore.WatchSilent, dhtcore.WatchFading} {
			w.put(float64(counts[state]), "state", state.String())
		}
	})},
	{"dhtop_alerts_firing", "Alerts of the watch list that fire, by rule.", "gauge", ofWatch(func(l *dhtcore.Watch, w *sampleWriter) {
		for kind, n := range l.Firing {
			w.put(float64(n), "rule", dhtcore.AlertKind(kind).String())
		}
	})},
	{"dhtop_alerts_total", "Alerts of the watch list that have fired, by rule.", "counter", ofWatch(func(l *dhtcore.Watch, w *sampleWriter) {
		for kind, n := range l.Fired {
			w.put(float64(n), "rule", dhtcore.AlertKind(kind).String())
		}
	})},
}

// ofWatch reads the watch list, an empty one where nothing was ever watched.
func ofWatch(read func(l *dhtcore.Watch, w *sampleWriter)) func(*dhtcore.Snapshot, *sampleWriter) {
	return func(s *dhtcore.Snapshot, w *sampleWriter) {
		l := s.Watch
		if l == nil {
			l = &dhtcore.Watch{}
		}
		read(l, w)
	}
}
