package watch

// explain says why the DHT and the trackers show different swarms; "" where they do not, or one of them is not known.
func explain(s *subject) string {
	o := &s.last
	if !o.TrackerKnown || o.At.IsZero() || differ(o) <= agreeFactor {
		return ""
	}
	dht, trackers := o.Swarm(), o.TrackerSwarm()
	switch {
	case dht == 0:
		return "nobody announces it to the DHT: the torrent may be private, or its clients run without DHT"
	case trackers == 0:
		return "the trackers know nobody: they may have dropped the torrent, or its clients find each other by magnet link alone"
	case dht < trackers && o.Closest > 0 && o.Closest < 4:
		return "few of the closest nodes replied, so that the DHT shows a part of the swarm"
	case dht < trackers:
		return "many clients run without DHT, and trackers count those that left without a word until they expire"
	case o.Scrapes():
		return "the DHT counts clients of all trackers, and those that came by magnet link; these trackers know their own alone"
	}
	return "the DHT keeps who announced in the last half hour or longer, also when they have left"
}

// Scrapes reports whether the seeds are an estimate of BEP 33.
func (o *Observation) Scrapes() bool { return o.SeedsKnown && o.Seeds+o.Leechers > 0 }

// differs reports whether an observation shows something else than the one before.
func (s *subject) differs(o *Observation) bool {
	was := &s.last
	if was.At.IsZero() {
		return false
	}
	if s.IsItem() {
		return o.Seq != was.Seq || o.Held != was.Held
	}
	off := func(a, b int) bool { return max(a-b, b-a) > Error(a)+Error(b)+1 }
	return o.Alive() != was.Alive() || o.SeedsKnown && was.SeedsKnown && (off(o.Seeds, was.Seeds) || off(o.Leechers, was.Leechers)) ||
		o.MineKnown && was.MineKnown && (o.MineOn > 0) != (was.MineOn > 0)
}
