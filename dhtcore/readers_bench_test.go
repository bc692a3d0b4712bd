package dhtcore

import (
	"math/rand/v2"
	"net/netip"
	"sync"
	"testing"

	"dhtop/dhtcore/wire"
)

// crowded returns a feed of queries from 2,048 askers for 4,096 hashes, some of which are asked for far more than others:
// 10 % ping, 30 % find_node, 58 % get_peers, 2 % sample_infohashes.
func crowded(seed uint64) *feed {
	const askers, hashes, queries = 2048, 4096, 1 << 16
	f, r := newFeed(), rand.New(rand.NewPCG(seed, 1))
	for i := range askers {
		ip := netip.AddrFrom4([4]byte{20 + byte(seed), byte(i >> 8), byte(i), 1})
		f.askers = append(f.askers, netip.AddrPortFrom(ip, 6881))
	}
	zipf := rand.NewZipf(r, 1.1, 4, hashes-1)
	for range queries {
		hash := zipf.Uint64()
		q := wire.Query{Method: wire.GetPeers, Target: wire.ID{0: byte(hash), 1: byte(hash >> 8), 19: 1}}
		switch n := r.IntN(100); {
		case n < 10:
			q.Method = wire.Ping
		case n < 40:
			q.Method = wire.FindNode
		case n < 42:
			q.Method = wire.SampleInfohashes
		}
		f.packets = append(f.packets, wire.AppendQuery(nil, wire.RandomID(), []byte("aa"), false, &q))
	}
	return f
}

// BenchmarkReaders is what readers of one node answer, without the sockets: one, two that share all, and two of two nodes that
// share nothing, which is what the machine lets two cores do.
func BenchmarkReaders(b *testing.B) {
	for _, c := range []struct {
		name    string
		readers int
		apart   bool
	}{{"one", 1, false}, {"two", 2, false}, {"apart", 2, true}} {
		b.Run(c.name, func(b *testing.B) {
			var feeds []*feed
			for i := range c.readers {
				feeds = append(feeds, crowded(uint64(i)))
			}
			if c.apart {
				for _, f := range feeds {
					hotNode(b, f)
				}
			} else {
				hotNode(b, feeds[0], feeds[1:]...)
			}
			b.ResetTimer()
			var carrying sync.WaitGroup
			for _, f := range feeds {
				carrying.Go(func() { f.carry((b.N + c.readers - 1) / c.readers) })
			}
			carrying.Wait()
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "answers/s")
		})
	}
}
