package table

import (
	"encoding/binary"
	"time"

	"dhtop/dhtcore/wire"
)

// Closest appends to dst the n good nodes of the buckets that are closest to target, closest first. When the
// buckets hold fewer than n good nodes, questionable ones count as well.
func (t *Table) Closest(dst []wire.Contact, target wire.ID, n int, now time.Time) []wire.Contact {
	from := len(dst)
	dst = t.closest(dst, target, n, now, Good)
	if len(dst)-from < n {
		dst = t.closest(dst[:from], target, n, now, Questionable)
	}
	return dst
}

// closest considers nodes up to the state worst. It visits the buckets in the order of their distance to
// target: the one that target falls in, then all that are nearer to us, which are equally far from target,
// then outwards one by one. It stops at the first group that completes n.
func (t *Table) closest(dst []wire.Contact, target wire.ID, n int, now time.Time, worst NodeState) []wire.Contact {
	if n <= 0 {
		return dst
	}
	var room [2 * K]candidate // enough in practice
	s := selection{target: target, first: lead(target), n: n, worst: worst, now: now}
	home := t.index(target)
	list := s.offer(room[:0], t.buckets[home].main)
	if len(list) < n {
		for i := home + 1; i < len(t.buckets); i++ {
			list = s.offer(list, t.buckets[i].main)
		}
	}
	for i := home - 1; i >= 0 && len(list) < n; i-- {
		list = s.offer(list, t.buckets[i].main)
	}
	for _, c := range list {
		dst = append(dst, c.node.Contact)
	}
	return dst
}

// selection says which nodes are wanted: the n closest to target of those no worse than worst.
type selection struct {
	target wire.ID
	first  uint64 // lead of target
	n      int
	worst  NodeState
	now    time.Time
}

// candidate is a node and the first 64 bits of its distance, which nearly always decide.
type candidate struct {
	distance uint64
	node     *Node
}

func lead(id wire.ID) uint64 { return binary.BigEndian.Uint64(id[:8]) }

// offer returns list with those of nodes that belong to the closest, closest first. It inserts one by one,
// which is faster than sorting as n is small, and looks at the state of a node only when it is near enough.
func (s *selection) offer(list []candidate, nodes []*Node) []candidate {
	for _, node := range nodes {
		c := candidate{lead(node.ID) ^ s.first, node}
		at := len(list)
		if at == s.n && !s.closer(c, list[at-1]) || node.State(s.now) > s.worst {
			continue
		}
		if at < s.n {
			list = append(list, c)
		} else {
			at--
		}
		for ; at > 0 && s.closer(c, list[at-1]); at-- {
			list[at] = list[at-1]
		}
		list[at] = c
	}
	return list
}

func (s *selection) closer(a, b candidate) bool {
	if a.distance != b.distance {
		return a.distance < b.distance
	}
	return wire.CompareDistance(s.target, a.node.ID, b.node.ID) < 0
}
