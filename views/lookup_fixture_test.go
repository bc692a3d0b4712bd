package views

import (
	"errors"

	"dhtop/dhtcore"
	"dhtop/dhtcore/lookup"
	"dhtop/dhtcore/wire"
	"dhtop/views/screen"
)

// linkSteps makes an honest account of a lookup: who told of whom is somebody who was asked a round
// before and answered, peers come from nodes that were asked, and the closest are those that answered.
func linkSteps(lk *dhtcore.LookupState) {
	for i := range lk.Steps {
		step := &lk.Steps[i]
		step.Referrer = dhtcore.ID{}
		for j := i - 1; j >= 0 && step.Round > 1; j-- {
			if by := &lk.Steps[j]; by.Round == step.Round-1 && by.State == lookup.Replied {
				step.Referrer = by.ID
				break
			}
		}
		if i%19 == 11 && step.State == lookup.Replied {
			step.Late = true
			lk.Late++
		}
	}
	lk.Queries = lk.Asked
	order := new(screen.State).StepRows(lk)
	for _, i := range order {
		if step := &lk.Steps[i]; step.State == lookup.Replied && len(lk.Closest) < lookup.DefaultK {
			step.Peers = 50
			lk.Closest = append(lk.Closest, *step)
		}
	}
	for i := range lk.Peers {
		for j := range lk.Peers[i].From {
			lk.Peers[i].From[j] = lk.Closest[(i+j)%len(lk.Closest)].Addr
		}
	}
	lk.Coverage = 0.87
}

// fixtureSwarm is a Snapshot whose first lookup is done, has the size of the swarm, is suspicious and
// has been announced to.
func fixtureSwarm() *dhtcore.Snapshot {
	s := fixture()
	lk := &s.Lookups[0]
	lk.Done, lk.InFlight = true, 0
	for i := range lk.Steps {
		if lk.Steps[i].State == lookup.InFlight {
			lk.Steps[i].State = lookup.TimedOut
			lk.TimedOut++
		}
	}
	lk.Queries += 7
	lk.Scrapes, lk.Seeds, lk.Leechers, lk.Coverage = 6, 61, 1153, 0.964
	s.Metadata = map[dhtcore.ID]*dhtcore.MetadataInfo{lk.Target: {Name: hostile[2] + hostile[3], Size: 3_912_000_000, FileCount: 12, Private: true}}
	lk.Risk = dhtcore.Risk{Level: lookup.MediumRisk, Distance: 0.92, Networks: 4, Secure: 0.875,
		Reasons: []string{"the 8 closest nodes are in 4 networks"}}
	for i, c := range lk.Closest {
		r := dhtcore.Receipt{Contact: c.Contact}
		switch i {
		case 2:
			r.Err = &wire.Error{Code: 203, Text: "bad token\x1b[2J\u202e from 198.51.100.7"}
		case 5:
			r.Err = errors.New("no answer")
		}
		lk.Stored = append(lk.Stored, r)
	}
	return s
}

// fixtureItem is a Snapshot whose first lookup has found a mutable item and knows of no risk.
func fixtureItem() *dhtcore.Snapshot {
	s := fixtureSwarm()
	lk := &s.Lookups[0]
	lk.Method, lk.Peers, lk.FirstPeer, lk.Scrapes, lk.Stored = wire.Get, nil, 0, 0, nil
	lk.Risk = dhtcore.Risk{Level: lookup.LowRisk, Distance: 1.1, Networks: 8, Secure: 1}
	lk.Item = &wire.Item{Value: []byte("31:an item \x1b]0;x\x07of thirty-one bytes"), Key: make([]byte, 32), Seq: 7, HasSeq: true}
	for i := range lk.Closest[:3] {
		lk.ItemFrom = append(lk.ItemFrom, lk.Closest[i].Contact)
		for j := range lk.Steps {
			if lk.Steps[j].Addr == lk.Closest[i].Addr {
				lk.Steps[j].Item = true
			}
		}
	}
	return s
}

// fixtureNothing is a Snapshot of three lookups that came to nothing: a hash that nobody has, one that
// has just begun, and one that had nobody to ask.
func fixtureNothing() *dhtcore.Snapshot {
	s := fixtureSwarm()
	none := &s.Lookups[0]
	none.Peers, none.FirstPeer, none.Scrapes, none.Stored = nil, 0, 0, []dhtcore.Receipt{}
	for i := range none.Steps {
		none.Steps[i].Peers, none.Steps[i].Token = 0, false
	}
	begun := dhtcore.LookupState{Target: none.Target, Method: wire.GetPeers, Started: noon, Coverage: 1}
	nobody := begun
	nobody.Done, nobody.Started = true, noon.Add(-1)
	s.Lookups = []dhtcore.LookupState{*none, begun, nobody}
	return s
}
