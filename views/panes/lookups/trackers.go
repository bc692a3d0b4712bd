package lookups

import (
	"strings"

	"dhtop/dhtcore"
	"dhtop/dhtcore/human"
	"dhtop/views/canvas"
	"dhtop/views/theme"
)

// writeTrackers says what the trackers of the target count beside the DHT, where some are known: the largest counts,
// and in full what each says.
func writeTrackers(f *canvas.Facts, s *dhtcore.Snapshot, lk *dhtcore.LookupState) {
	v, known := s.Trackers[lk.Target]
	if !known {
		return
	}
	w := f.Label("trackers")
	if v.Asked.IsZero() {
		w.Say(canvas.Dim("T asks "), canvas.Text(human.Count(len(v.Known))), canvas.Dim(human.Plural(len(v.Known), " tracker", " trackers")))
		f.End(w)
		return
	}
	answered, seeders, leechers := 0, int64(0), int64(0)
	for i := range v.Results {
		if r := &v.Results[i]; r.Err == nil {
			answered++
			seeders, leechers = max(seeders, r.Swarm().Seeders), max(leechers, r.Swarm().Leechers)
		}
	}
	w.Say(canvas.Text(human.Count(answered)), canvas.Dim(" of "), canvas.Text(human.Count(len(v.Known))), canvas.Dim(" answered,"))
	if answered > 0 {
		w.Say(canvas.Dim("up to "), canvas.Text(human.Count(seeders)), canvas.Dim(human.Plural(seeders, " seeder,", " seeders,")))
		w.Say(canvas.Text(human.Count(leechers)), canvas.Dim(human.Plural(leechers, " leecher", " leechers")))
	} else if v.Running {
		w.Say(canvas.Dim("asking"))
	} else {
		w.Say(canvas.Styled(theme.Warn, "v says why"))
	}
	f.End(w)
	if !f.Full {
		return
	}
	for i := range v.Results {
		r := &v.Results[i]
		w := f.Label("")
		w.Say(canvas.Text(TrackerName(r.Tracker) + ":"))
		if r.Err != nil {
			w.Say(canvas.Styled(theme.Warn, r.Err.Error()))
			f.End(w)
			continue
		}
		swarm := r.Swarm()
		w.Say(told(swarm.Seeders), canvas.Dim(human.Plural(swarm.Seeders, " seeder,", " seeders,")))
		w.Say(told(swarm.Leechers), canvas.Dim(human.Plural(swarm.Leechers, " leecher,", " leechers,")))
		w.Say(told(swarm.Completed), canvas.Dim(" completed, in "), canvas.Text(human.Duration(r.RTT)))
		f.End(w)
	}
}

// told is a count of a tracker; a dash where it has not told.
func told(n int64) canvas.Word {
	if n == dhtcore.UnknownCount {
		return canvas.Dim("–")
	}
	return canvas.Text(human.Count(n))
}

// TrackerName returns an announce URL without what may be secret in it: its path, and a password before its host.
func TrackerName(tracker string) string {
	scheme := strings.Index(tracker, "://")
	if scheme < 0 {
		return tracker
	}
	host := scheme + len("://")
	if end := strings.IndexAny(tracker[host:], "/?#"); end >= 0 {
		tracker = tracker[:host+end]
	}
	if at := strings.LastIndexByte(tracker, '@'); at >= 0 {
		return tracker[:host] + tracker[at+1:]
	}
	return tracker
}
