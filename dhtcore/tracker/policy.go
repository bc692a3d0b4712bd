package tracker

import "dhtop/dhtcore/wire"

// Policy says which torrents a tracker takes announces for. Nobody may change it once SetPolicy has it.
type Policy struct {
	Allow map[wire.ID]struct{} // only these; nil for all
	Deny  map[wire.ID]struct{} // but not these
}

var notAdmitted = failure{"this tracker does not serve this torrent", true}

// Admits reports whether announces for hash are taken. The nil Policy takes all.
func (p *Policy) Admits(hash wire.ID) bool {
	if p == nil {
		return true
	}
	if _, denied := p.Deny[hash]; denied {
		return false
	}
	_, allowed := p.Allow[hash]
	return allowed || p.Allow == nil
}

// SetPolicy changes which announces are taken from now on. It may be called while the tracker runs.
func (t *Tracker) SetPolicy(p *Policy) { t.policy.Store(p) }
