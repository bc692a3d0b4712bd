package cli

import (
	"cmp"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"net"
	"os"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"dhtop/dhtcore"
	"dhtop/dhtcore/human"
	"dhtop/ui/cli/console"
	"dhtop/ui/cli/exit"
	"dhtop/ui/cli/input"
	"dhtop/ui/cli/settings"
	"dhtop/views/report"
)

// torrentToAdd is the document that the tracker is told.
type torrentToAdd struct {
	InfoHash   string `json:"info_hash"`
	InfoHashV2 string `json:"info_hash_v2,omitempty"`
	Name       string `json:"name,omitempty"`
	Size       int64  `json:"size,omitempty"` // bytes
}

// trackerAdder adds torrents to the tracker of another dhtop.
type trackerAdder struct {
	*invocation
	api     *apiClient
	results addResults
	failed  int // of the results, and lines that are no torrents
}

func trackerAdd(cmd *cobra.Command, std console.Streams, args []string) error {
	c, err := newInvocation(cmd, std)
	if err != nil {
		return err
	}
	defer c.out.Discard()
	t := &trackerAdder{invocation: c, results: addResults{}}
	if t.api, err = c.apiClient(); err != nil {
		return err
	}
	ctx := cmd.Context()
	torrents, err := readTorrents(ctx, args)
	if err != nil {
		return err
	}
	err = t.addAll(ctx, torrents)
	if (err == nil || exit.BySignal(ctx) != nil) && (c.out.JSON || c.out.CSV) {
		err = c.out.Print(t.results)
	}
	ended := exit.BySignal(ctx)
	if err == nil || ended != nil {
		err = c.out.Commit()
	}
	switch {
	case err != nil:
		return err
	case ended != nil:
		return ended
	case t.failed > 0:
		return exit.With(exit.Nothing, fmt.Sprintf("%s not added", human.Amount(t.failed, "torrent was", "torrents were")))
	case len(t.results) == 0:
		return exit.With(exit.Nothing, "no torrent to add")
	}
	return nil
}

// apiClient returns the client that the flags ask for.
func (c *invocation) apiClient() (*apiClient, error) {
	to, retries := c.flags.string("to"), c.flags.int("retries")
	if retries < 0 || retries > maxRetries {
		return nil, fmt.Errorf("--retries %d: want 0 to %d", retries, maxRetries)
	}
	if to == "" {
		if c.HTTP == nil {
			return nil, errors.New("--http none: 'dhtop serve' has no HTTP API to send to: leave it out there, or pass --to with the URL of one")
		}
		to = reachableAt(c.HTTP.Addr)
	}
	return newAPIClient(to, cmp.Or(c.flags.string("token-file"), tokenIn(c.Explorer.DataDir)), retries, c.Explorer.BindDevice)
}

// reachableAt is where a client on this machine reaches who listens on addr.
func reachableAt(addr string) string {
	host, port, err := net.SplitHostPort(addr)
	if ip := net.ParseIP(host); err == nil && (host == "" || ip != nil && ip.IsUnspecified()) {
		return net.JoinHostPort("localhost", port)
	}
	return addr
}

// readTorrents reads the arguments; nil stands for standard input.
func readTorrents(ctx context.Context, args []string) (all [][]torrentToAdd, err error) {
	for _, arg := range args {
		if arg == "-" {
			all = append(all, nil)
			continue
		}
		files := []string{arg}
		if info, err := os.Stat(arg); err == nil && info.IsDir() {
			if files, err = dhtcore.TorrentFiles(arg); err != nil || len(files) == 0 {
				return nil, fmt.Errorf("there is no .torrent file in %q: name one with some, or the files themselves", arg)
			}
		}
		for _, file := range files {
			torrents, err := input.ParseTorrents(ctx, file)
			if err != nil {
				return nil, err
			}
			all = append(all, toAdd(torrents, file))
		}
	}
	return all, nil
}

// toAdd returns what the tracker is told of the torrents that text names.
func toAdd(torrents []dhtcore.Torrent, text string) []torrentToAdd {
	all := make([]torrentToAdd, len(torrents))
	for i := range torrents {
		t, add := &torrents[i], &all[i]
		add.InfoHash = t.Hashes[0].String()
		if t.HasV2() {
			add.InfoHashV2 = hex.EncodeToString(t.V2[:])
		}
		if info, err := t.Metadata(); err == nil {
			add.Name, add.Size = info.Name, info.Size
		} else if len(torrents) == 1 && strings.Contains(text, ":?") {
			for name, value := range dhtcore.MagnetParams(text) {
				switch n, _ := strconv.ParseInt(value, 10, 64); name {
				case "dn":
					add.Name = dhtcore.Printable(value)
				case "xl":
					add.Size = max(n, 0)
				}
			}
		}
	}
	return all
}

// addAll adds the torrents, and those of standard input where that is named.
func (t *trackerAdder) addAll(ctx context.Context, torrents [][]torrentToAdd) error {
	for _, some := range torrents {
		if some == nil {
			if err := t.addLines(ctx); err != nil {
				return err
			}
		}
		for i := range some {
			if err := t.add(ctx, &some[i]); err != nil {
				return err
			}
		}
	}
	return nil
}

// addLines adds the torrents of the lines of standard input.
func (t *trackerAdder) addLines(ctx context.Context) error {
	reading, stop := context.WithCancel(ctx)
	defer stop()
	lines := make(chan func() error)
	go func() { // which may wait for a keyboard
		defer close(lines)
		input.EachLine(reading, t.std.In, func(n int, text string, err error) {
			select {
			case lines <- func() error { return t.addLine(reading, n, text, err) }:
			case <-reading.Done():
			}
		})
	}()
	for {
		select {
		case add, more := <-lines:
			if !more {
				return nil
			}
			if err := add(); err != nil {
				return err
			}
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// addLine adds the torrents of one line, or remarks that there are none.
func (t *trackerAdder) addLine(ctx context.Context, n int, text string, err error) error {
	var torrents []dhtcore.Torrent
	if err == nil {
		torrents, err = dhtcore.ParseTorrents(ctx, text)
	}
	if err != nil {
		t.failed++
		t.say((&input.Wanted{Line: n, Err: err}).Reason().Error())
		return nil
	}
	all := toAdd(torrents, text)
	for i := range all {
		if err := t.add(ctx, &all[i]); err != nil {
			return err
		}
	}
	return nil
}

// say writes a remark to stderr.
func (t *trackerAdder) say(text string) {
	if t.LogLevel >= settings.LogWarning {
		fmt.Fprintln(t.std.Err, "dhtop:", printableError(t.cmd, text))
	}
}

// add adds one torrent and prints what became of it. The error is one after which no other torrent can be added.
func (t *trackerAdder) add(ctx context.Context, torrent *torrentToAdd) error {
	var r addResult
	err := t.api.post(ctx, "/add_torrent_info", torrent, &r, t.say)
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case errors.Is(err, errUnreachable):
		return err
	case err != nil:
		t.failed++
		text := t.out.Text(err.Error())
		r = addResult{InfoHashes: []string{torrent.InfoHash}, Error: &text}
		if torrent.Name != "" {
			r.Name = &torrent.Name
		}
		t.say(cmp.Or(torrent.Name, torrent.InfoHash) + ": " + text)
	}
	if r.Name != nil {
		name := t.out.Text(*r.Name)
		r.Name = &name
	}
	t.results = append(t.results, r)
	switch {
	case t.out.NDJSON:
		err = report.WriteNDJSON(t.out, &r)
	case t.out.Plain() && r.Error == nil:
		_, err = fmt.Fprintln(t.out, r.line())
	default:
		return nil
	}
	return cmp.Or(err, t.out.Flush())
}
