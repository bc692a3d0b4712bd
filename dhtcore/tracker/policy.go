package tracker

import "dhtop/dhtcore/wire"

// Policy says which torrents a tracker takes announces for. Nobody may change it once SetPolicy has it.
type Policy struct {
	Allow map[wire.ID]struct{} // only these; nil for all
	Deny  map[wire.ID]struct{} // but not these

	Registered func(hash wire.ID) bool // reports what is served besides Allow, by any number of goroutines; nil for nothing
}

var notAdmitted = failure{"this tracker does not serve this torrent", true, NotServed}

// Admits reports whether announces for hash are taken. The nil Policy takes all.
func (p *Policy) Admits(hash wire.ID) bool {
	if p == nil {
		return true
	}
	if _, denied := p.Deny[hash]; denied {
		return false
	}
	_, allowed := p.Allow[hash]
	return allowed || p.Allow == nil || p.Registered != nil && p.Registered(hash)
}

// Denies reports whether the tracker may not serve a torrent.
func (t *Tracker) Denies(hash wire.ID) bool {
	p := t.policy.Load()
	if p == nil {
		return false
	}
	_, denied := p.Deny[hash]
	return denied
}

// SetPolicy changes which announces are taken from now on. It may be called while the tracker runs.
func (t *Tracker) SetPolicy(p *Policy) { t.policy.Store(p) }
