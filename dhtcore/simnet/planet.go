package simnet

import (
	"cmp"
	"encoding/binary"
	"math"
	"time"

	"dhtop/dhtcore/node"
	"dhtop/dhtcore/wire"
)

// PlanetConfig says how large and how bad the simulated network is.
type PlanetConfig struct {
	Nodes          int           // dead ones included; default 100,000
	Seed           uint64        // everything about the network follows from it
	Dead           float64       // share of nodes that are in the tables of others and never answer
	Loss           float64       // share of packets lost, each way
	MinRTT, MaxRTT time.Duration // each node has its own fixed RTT, uniform between the two; default 20 to 300 ms
	// Tail makes round-trip times log-normal with this sigma, their median midway between the two; 0 for uniform.
	Tail float64
	// Drift is how long a node keeps a contact before it knows another in its place; 0 for ever.
	Drift          time.Duration
	Hashes         int             // how many torrents there are
	Swarm          func(i int) int // peers of the i-th torrent; default 5
	Mute           float64         // share of nodes that do not speak BEP 51
	SampleInterval time.Duration   // that nodes ask of BEP 51 crawlers; default node.DefaultSampleInterval
}

// DefaultPlanet is a network of the given size that is as bad as Mainline: half of all contacts are
// dead, 2 % of packets are lost, and every fifth node does not speak BEP 51.
func DefaultPlanet(nodes int) PlanetConfig {
	return PlanetConfig{Nodes: nodes, Dead: 0.5, Loss: 0.02, Mute: 0.2}
}

// The defaults of PlanetConfig.
const (
	planetNodes  = 100_000
	planetMinRTT = 20 * time.Millisecond
	planetMaxRTT = 300 * time.Millisecond
	planetSwarm  = 5 // peers
)

// Planet is a network of up to many millions of nodes that are not there: a node is a key in a sorted
// slice, 8 bytes, and what it would answer is computed from its place there when it is asked. A Visitor
// asks. A Planet does not change and belongs to no testing/synctest bubble, so that one serves many.
//
// A node is known by its rank, its place in the order of IDs. Ranks and keys are all the functions of
// a Planet work with: the first 64 bits of an ID are its key, which no two nodes share, and the others
// follow from them.
type Planet struct {
	cfg    PlanetConfig
	salt   uint64
	live   int
	nodes  keys
	hashes keys
}

// NewPlanet computes the IDs of a network: 10,000,000 nodes take 80 MB and a few seconds.
func NewPlanet(cfg PlanetConfig) *Planet {
	cfg.Nodes = max(cmp.Or(cfg.Nodes, planetNodes), 1)
	cfg.Hashes = max(cfg.Hashes, 0)
	cfg.MinRTT, cfg.MaxRTT = cmp.Or(cfg.MinRTT, planetMinRTT), cmp.Or(cfg.MaxRTT, planetMaxRTT)
	cfg.SampleInterval = cmp.Or(cfg.SampleInterval, node.DefaultSampleInterval)
	if cfg.Swarm == nil {
		cfg.Swarm = func(int) int { return planetSwarm }
	}
	p := &Planet{cfg: cfg, salt: scramble(cfg.Seed + golden)}
	p.nodes = newKeys(cfg.Nodes, func(i int) uint64 { return scramble(p.draw(ofNode) + uint64(i)) })
	p.hashes = newKeys(cfg.Hashes, p.hashKey)
	for rank := range cfg.Nodes {
		if p.alive(rank) {
			p.live++
		}
	}
	return p
}

// Live returns how many of the nodes answer.
func (p *Planet) Live() int { return p.live }

// id returns the ID that has the key.
func (p *Planet) id(key uint64) (id wire.ID) {
	binary.BigEndian.PutUint64(id[:], key)
	binary.BigEndian.PutUint64(id[8:], p.draw(ofID, key))
	binary.BigEndian.PutUint32(id[16:], uint32(p.draw(ofID, key, 1)))
	return id
}

func keyOf(id wire.ID) uint64 { return binary.BigEndian.Uint64(id[:]) }

func (p *Planet) alive(rank int) bool { return !chance(p.draw(ofLife, uint64(rank)), p.cfg.Dead) }

func (p *Planet) rtt(rank int) time.Duration {
	spread := max(p.cfg.MaxRTT-p.cfg.MinRTT, 0)
	if p.cfg.Tail > 0 {
		return time.Duration(float64(p.cfg.MinRTT+spread/2) * math.Exp(p.cfg.Tail*p.normal(ofRTT, uint64(rank))))
	}
	return p.cfg.MinRTT + time.Duration(below(p.draw(ofRTT, uint64(rank)), int(spread)+1))
}

func (p *Planet) contact(rank int) wire.Contact {
	return wire.Contact{ID: p.id(p.nodes.sorted[rank]), Addr: p.addr(rank)}
}
