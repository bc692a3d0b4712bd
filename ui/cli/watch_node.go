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
	"net/http"
	"time"

	"dhtop/dhtcore"
	"dhtop/dhtcore/human"
	"dhtop/ui/cli/config"
	"dhtop/ui/cli/exit"
	"dhtop/ui/cli/settings"
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

// watchNode asks a dhtop that runs: the one that uses the data directory, over its socket, or the one of --to.
type watchNode struct {
	target
	client *http.Client
}

// watchNode returns the dhtop whose watch list is meant: the one of --to, else the one that uses the data directory; nil
// where none does.
func (c *invocation) watchNode() (*watchNode, error) {
	at := ownTarget(c.Explorer.DataDir)
	switch to := c.flags.string("to"); {
	case to != "":
		targets, err := readTargets(c.cmd, &c.Settings, []string{to})
		if err != nil {
			return nil, fmt.Errorf("--to: %w", err)
		}
		at = targets[0]
	case c.flags.Changed("token-file"):
		return nil, errors.New("--token-file is for a dhtop elsewhere: pass --to with its URL")
	case c.Explorer.DataDir == "" || !attachable(c.Explorer.DataDir):
		return nil, nil //nolint:nilnil // there is none
	}
	dial, err := dialTo(c.Explorer.BindDevice, at)
	if err != nil {
		return nil, err
	}
	client := at.at.Client(dial)
	client.Transport.(*http.Transport).DisableKeepAlives = true
	return &watchNode{at, client}, nil
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
	request, err := http.NewRequestWithContext(ctx, method, n.at.URL(path), body)
	if err != nil {
		return nil, err
	}
	request.Header.Set("Content-Type", "application/json")
	token := ""
	if n.token != nil {
		if token, err = n.token(); err != nil {
			return nil, &unreachableError{err.Error()}
		}
	}
	if token != "" {
		request.Header.Set("Authorization", "Bearer "+token)
	}
	response, err := n.client.Do(request)
	if err != nil {
		return nil, n.unreachable(err)
	}
	if response.StatusCode == http.StatusOK {
		return response, nil
	}
	defer response.Body.Close()
	if response.StatusCode == http.StatusUnauthorized {
		verb := "wants its"
		if token != "" {
			verb = "refuses the"
		}
		return nil, &unreachableError{fmt.Sprintf("%s %s token: pass --token-file with a copy of the file token in its data directory, or set %s",
			n.name(), verb, config.TokenVariable)}
	}
	var says struct{ Detail string }
	json.NewDecoder(io.LimitReader(response.Body, maxAnswer)).Decode(&says) //nolint:errcheck // some answers are in other words
	text := cmp.Or(says.Detail, fmt.Sprintf("%s says %s: is it the HTTP API of a dhtop?", n.name(), response.Status))
	return nil, &refusedError{response.StatusCode, dhtcore.Printable(text)}
}

// unreachable is the error of a request that got no answer.
func (n *watchNode) unreachable(err error) error {
	if n.holder != nil {
		return &unreachableError{fmt.Sprintf("%s does not answer on %s: %s", n.name(), n.at, human.Cause(err))}
	}
	return &unreachableError{fmt.Sprintf("%s does not answer: %s: start 'dhtop serve' there, or pass --to with the URL that it prints as its HTTP API",
		n.name(), human.Cause(err))}
}

// refusedError is what a node says to a request that it refuses.
type refusedError struct {
	status int
	text   string
}

func (e *refusedError) Error() string { return e.text }

// name is what the node is called.
func (n *watchNode) name() string {
	if n.holder != nil {
		return "dhtop " + n.holder()
	}
	return n.target.name
}

// readWatch returns the watch list: from a dhtop that runs, or from the store.
func (c *invocation) readWatch() (*report.WatchList, error) {
	ctx := c.cmd.Context()
	n, err := c.watchNode()
	if err != nil {
		return nil, err
	}
	if n != nil {
		list := new(report.WatchList)
		if err := n.call(ctx, http.MethodGet, watchPath, nil, list); err != nil {
			return nil, err
		}
		list.Mask(c.out.Options)
		return list, nil
	}
	w, err := dhtcore.ReadStoredWatch(ctx, c.Explorer)
	if err != nil {
		return nil, err
	}
	list := report.NewWatchList(time.Now(), w, c.out.Options)
	return &list, nil
}

// followAlerts prints alerts as they happen: those of a dhtop that runs, or of a node of its own.
func (c *invocation) followAlerts() error {
	n, err := c.watchNode()
	if err != nil {
		return err
	}
	if n != nil {
		return c.followNode(n)
	}
	c.Explorer.Watch = &c.Watch
	s, err := c.open()
	if err != nil {
		return err
	}
	s.confine(c.cmd.Flags(), &c.Settings)
	var line []byte
	err = s.stream(c.out, c.std.Err, func(e *dhtcore.Event) error {
		switch {
		case e.Kind == dhtcore.Alerted:
			line = report.AppendEvent(line[:0], e, c.out.Options)
			_, err := c.out.Write(line)
			return err
		case e.Kind == dhtcore.Warning && c.LogLevel >= settings.LogWarning:
			fmt.Fprintln(c.std.Err, "dhtop:", s.options.Text(e.Text))
		}
		return nil
	})
	s.cancel() // unless it has ended: the output may have failed
	return s.finish(c.out, c.std.Err, err)
}

// followNode prints the alerts of a node until it ends.
func (c *invocation) followNode(n *watchNode) error {
	ctx := c.cmd.Context()
	if c.For > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, c.For)
		defer cancel()
	}
	response, err := n.send(ctx, http.MethodGet, "/api/v1/events?kind=alert", http.NoBody)
	if err != nil {
		return cmp.Or(exit.BySignal(c.cmd.Context()), err)
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
	if err := c.out.Commit(); err != nil {
		return err
	}
	switch ended := exit.BySignal(c.cmd.Context()); {
	case ended != nil:
		return ended
	case ctx.Err() != nil: // --for
		return nil
	}
	remedy := "start it again, or this command, which then runs a node itself"
	if n.holder == nil {
		remedy = "start it again, and then this command"
	}
	return exit.With(exit.Nothing, n.name()+" has ended: "+remedy)
}
