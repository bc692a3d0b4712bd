package cli

import (
	"context"
	"fmt"

	"dhtop/dhtcore"
	"dhtop/ui/cli/exit"
	"dhtop/views/report"
)

// announceMany announces a peer of the hashes of arguments and of standard input: once, or again and again.
func (c *invocation) announceMany(args []string, cfg dhtcore.RepublisherConfig, port uint16, seeder bool) error {
	reading, stop := context.WithCancel(c.cmd.Context())
	defer stop()
	hashes, err := readHashes(reading, args, c.std.In, cfg.Parallel)
	if err != nil {
		return err
	}
	var bad []wanted // before the first hash
	if err := hashes.wait(reading, func(w wanted) { bad = append(bad, w) }); err != nil {
		return err
	}
	if len(hashes.ahead) == 0 {
		for _, w := range bad {
			fmt.Fprintln(c.std.Err, "dhtop:", w.reason())
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
			s.reportBad(w.line, w.err, w.reason())
		}
		known := map[dhtcore.ID]bool{}
		for {
			w, ok := hashes.next(ctx)
			switch {
			case !ok, s.full():
				return
			case w.err != nil:
				s.reportBad(w.line, w.err, w.reason())
			case !known[w.hash]:
				known[w.hash] = true
				s.mu.Lock()
				torrents = append(torrents, w.torrent)
				s.mu.Unlock()
				s.published.KeepPeer(w.hash, port, seeder)
			}
		}
	})
	if err != nil {
		return err
	}
	return s.verdict()
}
