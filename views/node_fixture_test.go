package views

import (
	"time"

	"dhtop/dhtcore"
	"dhtop/dhtcore/table"
	"dhtop/views/screen"
)

// fixtureNodes gives the nodes of the routing tables IDs that belong into their buckets, and a history.
func fixtureNodes(s *dhtcore.Snapshot) {
	for i := range s.Nodes {
		v := &s.Nodes[i]
		for j := range v.Contacts {
			c := &v.Contacts[j]
			c.ID = sharing(v.ID, c.ID, c.Bucket)
			c.FirstSeen = c.FirstSeen.Add(-time.Duration(j*j) * time.Minute)
			switch j % 4 {
			case 0:
				c.Provenance, c.Referrer = dhtcore.Referred, v.Contacts[0].ID
			case 1:
				c.Provenance = dhtcore.QueriedFirst
				c.LastQuery = c.LastReply.Add(-time.Minute)
			case 2:
				c.Provenance = dhtcore.Saved
			}
			if c.Fails > 0 {
				c.LastAsked = s.At.Add(-9 * time.Second)
			}
			c.Capabilities.Answered = table.Only(dhtcore.Ping) | table.Only(dhtcore.FindNode) | table.Only(dhtcore.GetPeers)
			c.Capabilities.Refused = table.Only(dhtcore.Get)
			c.Capabilities.Extras = dhtcore.YourAddress | dhtcore.NoFilters
		}
	}
	n := (&screen.State{}).NodeRows(s)[5]
	s.Pings = &dhtcore.Pings{ID: n.ID, Addr: n.Addr, Running: true}
	for i := range 40 {
		rtt := time.Duration(40+i*i%50) * time.Millisecond
		if i%13 == 9 {
			rtt = 0
		} else {
			s.Pings.Answered++
		}
		s.Pings.Sent++
		s.Pings.RTTs = append(s.Pings.RTTs, rtt)
	}
}

// sharing is id, changed so that it shares exactly n bits with self.
func sharing(self, id dhtcore.ID, n int) dhtcore.ID {
	for bit := range n + 1 {
		mask := byte(0x80) >> (bit % 8)
		id[bit/8] = id[bit/8]&^mask | self[bit/8]&mask
	}
	id[n/8] ^= byte(0x80) >> (n % 8)
	return id
}
