package testnet

import (
	"bytes"
	"net/netip"
	"sync"
	"time"

	"dhtop/dhtcore/node"
	"dhtop/dhtcore/wire"
)

// intervalSlack is how much sooner a guest may ask for another sample: intervals are in whole seconds.
const intervalSlack = time.Second

// intervalKey is in every answer to sample_infohashes.
var intervalKey = []byte("8:intervali")

// Violations returns how many queries for samples of guests came sooner than the node that got them had asked of
// that guest (BEP 51), since the start.
func (n *Network) Violations() int { return int(n.violations.Load()) }

// samplingConn is the socket of a member. It notes which intervals really leave it, when a guest really asks, and who
// else is there: what gets lost or comes twice does so in the conns around it.
type samplingConn struct {
	node.Conn
	network *Network

	mu    sync.Mutex
	until map[netip.AddrPort]time.Time // a guest is not to ask for another sample; nil while none has one
}

// socket returns conn, which a node of the network has, with what the network does to its packets and notes of them.
func (n *Network) socket(conn node.Conn) node.Conn {
	return n.faulty(&samplingConn{Conn: conn, network: n}, false)
}

// ReadBatch counts the queries that come too soon.
func (s *samplingConn) ReadBatch(ps []node.Packet) (int, error) {
	n, err := s.Conn.ReadBatch(ps)
	for _, p := range ps[:n] {
		if !s.network.isGuest(p.Addr) {
			if !s.network.directory.knows(p.Addr) {
				s.network.faults.visitors.spoke(p.Addr)
			}
			continue
		}
		if bytes.Contains(p.Buf, sampleMethod) && time.Until(s.toldUntil(p.Addr)) > intervalSlack {
			s.network.violations.Add(1)
		}
	}
	return n, err
}

// WriteBatch notes the intervals that guests are told.
func (s *samplingConn) WriteBatch(ps []node.Packet) (int, error) {
	for _, p := range ps {
		if s.network.isGuest(p.Addr) && bytes.Contains(p.Buf, intervalKey) {
			s.tells(p)
		}
	}
	return s.Conn.WriteBatch(ps)
}

func (s *samplingConn) tells(p node.Packet) {
	var m wire.Message
	if wire.Scan(p.Buf, &m) != nil || !m.HasSamples {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.until == nil {
		s.until = make(map[netip.AddrPort]time.Time)
	}
	s.until[p.Addr] = time.Now().Add(time.Duration(m.Interval) * time.Second) // of guests only, who are few
}

func (s *samplingConn) toldUntil(guest netip.AddrPort) time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.until[guest]
}
