package cli

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"

	"dhtop/dhtcore"
	"dhtop/ui/socket"
	"dhtop/views/report"
)

// The bounds of what a node is asked.
const (
	watchTimeout   = 10 * time.Second
	maxWatchAnswer = 64 << 20 // bytes: 10,000 entries with a day of each
	maxEventLine   = 1 << 20
)

// watchPath is where the API has the watch list.
const watchPath = "/api/v1/watch"

// watchNode asks the dhtop that uses a data directory, over its socket.
type watchNode struct {
	dir    string
	client http.Client
}

func newWatchNode(dir string) *watchNode {
	path := attachSocket(dir)
	return &watchNode{dir: dir, client: http.Client{Transport: &http.Transport{DisableKeepAlives: true,
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) { return socket.Dial(ctx, path) }}}}
}

// call sends a request with a document, nil for none, and reads the answer.
func (n *watchNode) call(ctx context.Context, method, path string, document, answer any) error {
	ctx, cancel := context.WithTimeout(ctx, watchTimeout)
	defer cancel()
	var body io.Reader = http.NoBody
	if document != nil {
		b, err := json.Marshal(document)
		if err != nil {
			return err
		}
		body = bytes.NewReader(b)
	}
	response, err := n.send(ctx, method, path, body)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	b, err := io.ReadAll(io.LimitReader(response.Body, maxWatchAnswer))
	if err == nil {
		err = json.Unmarshal(b, answer)
	}
	if err != nil {
		return fmt.Errorf("%s does not answer as a dhtop does: is it another version? restart it", n.name())
	}
	return nil
}

// send sends a request; an answer that refuses it is an error.
func (n *watchNode) send(ctx context.Context, method, path string, body io.Reader) (*http.Response, error) {
	request, err := http.NewRequestWithContext(ctx, method, "http://localhost"+path, body)
	if err != nil {
		return nil, err
	}
	request.Header.Set("Content-Type", "application/json")
	response, err := n.client.Do(request)
	if err != nil {
		return nil, fmt.Errorf("%s does not answer on %s: %w", n.name(), attachSocket(n.dir), errors.Unwrap(err))
	}
	if response.StatusCode == http.StatusOK {
		return response, nil
	}
	defer response.Body.Close()
	var says struct{ Detail string }
	json.NewDecoder(io.LimitReader(response.Body, maxAnswer)).Decode(&says) //nolint:errcheck // some answers are in other words
	return nil, &refusedError{response.StatusCode, cmp.Or(says.Detail, n.name()+" says "+response.Status)}
}

// refusedError is what a node says to a request that it refuses.
type refusedError struct {
	status int
	text   string
}

func (e *refusedError) Error() string { return e.text }

// name is what the node is called.
func (n *watchNode) name() string {
	if holder := dhtcore.HolderOf(n.dir); holder != "" {
		return "dhtop " + holder
	}
	return "the dhtop of " + n.dir
}

// readWatch returns the watch list: from the dhtop that uses the data directory, or from the store.
func (c *invocation) readWatch() (*report.WatchList, error) {
	ctx, dir := c.cmd.Context(), c.explorer.DataDir
	if dir != "" && attachable(dir) {
		list := new(report.WatchList)
		if err := newWatchNode(dir).call(ctx, http.MethodGet, watchPath, nil, list); err != nil {
			return nil, err
		}
		list.Mask(c.out.Options)
		return list, nil
	}
	w, err := dhtcore.ReadStoredWatch(ctx, c.explorer)
	if err != nil {
		return nil, err
	}
	list := report.NewWatchList(time.Now(), w, c.out.Options)
	return &list, nil
}

// followAlerts prints alerts as they happen: those of the dhtop that uses the data directory, or of a node of its own.
func (c *invocation) followAlerts() error {
	if dir := c.explorer.DataDir; dir != "" && attachable(dir) {
		return c.followNode(newWatchNode(dir))
	}
	c.explorer.Watch = &c.watch
	s, err := c.open()
	if err != nil {
		return err
	}
	s.confine(c.cmd.Flags(), &c.settings)
	var line []byte
	err = s.stream(c.out, c.std.err, func(e *dhtcore.Event) error {
		switch {
		case e.Kind == dhtcore.Alerted:
			line = report.AppendEvent(line[:0], e, c.out.Options)
			_, err := c.out.Write(line)
			return err
		case e.Kind == dhtcore.Warning && c.log >= logWarning:
			fmt.Fprintln(c.std.err, "dhtop:", s.options.Text(e.Text))
		}
		return nil
	})
	s.cancel() // unless it has ended: the output may have failed
	return s.finish(c.out, c.std.err, err)
}

// followNode prints the alerts of a node until it ends.
func (c *invocation) followNode(n *watchNode) error {
	ctx := c.cmd.Context()
	if c.limit > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, c.limit)
		defer cancel()
	}
	response, err := n.send(ctx, http.MethodGet, "/api/v1/events?kind=alert", http.NoBody)
	if err != nil {
		return cmp.Or(interrupted(c.cmd.Context()), err)
	}
	defer response.Body.Close()
	lines := bufio.NewScanner(response.Body)
	lines.Buffer(nil, maxEventLine)
	for lines.Scan() {
		data, is := bytes.CutPrefix(lines.Bytes(), []byte("data: "))
		if !is {
			continue
		}
		if _, err := fmt.Fprintf(c.out, "%s\n", data); err != nil {
			return err
		}
		if err := c.out.Flush(); err != nil {
			return err
		}
	}
	if err := c.out.commit(); err != nil {
		return err
	}
	switch ended := interrupted(c.cmd.Context()); {
	case ended != nil:
		return ended
	case ctx.Err() != nil: // --for
		return nil
	}
	return &exit{exitNothing, "the dhtop of " + n.dir + " has ended: start it again, or this command, which then runs a node itself"}
}
