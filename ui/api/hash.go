package api

import (
	"net/http"
	"slices"

	"dhtop/dhtcore"
	"dhtop/views/report"
)

// hash answers with all that is known of a hash.
func hash(c *call) (status int, document any) {
	s, err := c.detail()
	if err != nil {
		return fail(err)
	}
	return found(report.NewHashDetail(s, c.options))
}

// hashPeers answers with the peers of a hash.
func hashPeers(c *call) (status int, document any) {
	s, err := c.detail()
	if err != nil {
		return fail(err)
	}
	return found(report.NewSwarm(s.Detail, c.options))
}

// detail returns a Snapshot with the detail of the hash in the path. A request is a Viewer that looks once.
func (c *call) detail() (*dhtcore.Snapshot, error) {
	s, err := c.look(value[dhtcore.ID](c, "info_hash"))
	if err != nil {
		return nil, err
	}
	d := s.Detail
	if d.Row.FirstSeen.IsZero() && d.Swarm.Known == 0 && !slices.ContainsFunc(s.Lookups, func(l dhtcore.LookupState) bool { return l.Target == d.InfoHash }) {
		return nil, problemf(http.StatusNotFound, "nothing is known of %s: look it up with POST /api/v1/lookups", d.InfoHash)
	}
	return s, nil
}

// look returns a Snapshot with the detail of a hash.
func (c *call) look(hash dhtcore.ID) (*dhtcore.Snapshot, error) {
	v := c.explorer.NewViewer()
	defer v.Close()
	if err := v.WatchHash(hash); err != nil {
		return nil, problemf(http.StatusServiceUnavailable, "%s", err).with("Retry-After", "10")
	}
	return v.Snapshot(), nil
}

// trackers answers with what the trackers of hashes said: of those that were looked up, or of one.
func trackers(c *call) (status int, document any) {
	all := []report.TrackerCheck{}
	s, hash := c.explorer.Snapshot(), value[dhtcore.ID](c, "info_hash")
	if !hash.Zero() {
		var err error
		if s, err = c.look(hash); err != nil {
			return fail(err)
		}
	}
	for id, view := range s.Trackers {
		if hash.Zero() || id == hash {
			all = append(all, report.NewTrackerCheck(id, &view, c.options))
		}
	}
	slices.SortFunc(all, func(a, b report.TrackerCheck) int { return slices.Compare(a.InfoHash[:], b.InfoHash[:]) })
	return found(all)
}
