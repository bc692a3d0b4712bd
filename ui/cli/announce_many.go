package cli

import (
	"context"
	"fmt"

	"dhtop/dhtcore"
	"dhtop/ui/cli/exit"
	"dhtop/ui/cli/input"
	"dhtop/views/report"
)

// announceMany announces a peer of the hashes of arguments and of standard input: once, or again and again.
func (c *invocation) announceMany(args []string, cfg dhtcore.RepublisherConfig, port uint16, seeder bool) error {
	reading, stop := context.WithCancel(c.cmd.Context())
	defer stop()
	hashes, err := input.ReadHashes(reading, args, c.std.In, cfg.Parallel)
	if err != nil {
		return err
	}
	var bad []input.Wanted // before the first hash
	if err := hashes.Wait(reading, func(w input.Wanted) { bad = append(bad, w) }); err != nil {
		return err
	}
	if hashes.First() == nil {
		for _, w := range bad {
			fmt.Fprintln(c.std.Err, "dhtop:", w.Reason())
		}
		return exit.With(exit.Nothing, unreadable(len(bad)))
	}
	var torrents []*dhtcore.Torrent // by entry; s.mu guards it
	s, err := c.stay(stayPeers, cfg, func(ctx context.Context, s *stayer) {
		s.document = func(r *dhtcore.Renewal) report.Document {
			s.mu.Lock()
			t := torrents[r.Entry]
			s.mu.Unlock()
			a := report.NewAnnounce(&r.Lookup, t, port, seeder, s.Options)
			a.SetExternal(s.Snapshot().Nodes, s.Options)
			return &a
		}
		for _, w := range bad {
			s.reportBad(w.Line, w.Err, w.Reason())
		}
		known := map[dhtcore.ID]bool{}
		for {
			w, ok := hashes.Next(ctx)
			switch {
			case !ok, s.full():
				return
			case w.Err != nil:
				s.reportBad(w.Line, w.Err, w.Reason())
			case !known[w.Hash]:
				known[w.Hash] = true
				s.mu.Lock()
				torrents = append(torrents, w.Torrent)
				s.mu.Unlock()
				s.published.KeepPeer(w.Hash, port, seeder)
			}
		}
	})
	if err != nil {
		return err
	}
	return s.verdict()
}
