package report

import "dhtop/dhtcore"

// TrackerCheck is what the trackers of a hash said when they were asked last, an element of /api/v1/trackers.
type TrackerCheck struct {
	InfoHash dhtcore.ID `json:"info_hash"`
	Known    []string   `json:"known"`    // trackers that a link or a file has named
	Asked    timestamp  `json:"asked"`    // when they were asked last; null for never
	Running  bool       `json:"running"`  // some have not answered yet
	Trackers []Tracker  `json:"trackers"` // that have answered, or failed to
}

// NewTrackerCheck returns the JSON form of what the trackers of a hash say.
func NewTrackerCheck(hash dhtcore.ID, v *dhtcore.TrackerView, o Options) TrackerCheck {
	out := TrackerCheck{hash, make([]string, len(v.Known)), timestamp(v.Asked), v.Running, make([]Tracker, len(v.Results))}
	for i, name := range v.Known {
		out.Known[i] = o.Text(name)
	}
	for i := range v.Results {
		out.Trackers[i] = newTracker(&v.Results[i], 0, o)
	}
	return out
}
