package cli

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"dhtop/dhtcore"
	"dhtop/dhtcore/human"
	"dhtop/ui/socket"
)

// How a call of the API of another dhtop is tried again, as its clients do: after a pause that doubles.
const (
	callTimeout    = 30 * time.Second // of one attempt
	firstPause     = time.Second
	defaultRetries = 3
	maxRetries     = 20
	longestPause   = time.Minute
	maxAnswer      = 1 << 20 // bytes
)

// apiClient calls the HTTP API of a dhtop that runs elsewhere.
type apiClient struct {
	to      string // its URL, without a slash at the end
	token   string
	where   string // the file that the token is in
	retries int
	device  string        // the network interface that it keeps to, "" for any
	pause   time.Duration // before the first of them
	client  http.Client
}

// newAPIClient returns a client of the API at to: http://HOST:PORT, HOST:PORT or unix:PATH. It connects by the network
// interface device, "" for any.
func newAPIClient(to, tokenFile string, retries int, device string) (*apiClient, error) {
	c := &apiClient{where: tokenFile, retries: retries, pause: firstPause, device: device}
	transport := &http.Transport{DialContext: nil} // set below; no proxy gets the token
	switch path, unix := strings.CutPrefix(to, "unix:"); {
	case unix && path == "":
		return nil, fmt.Errorf("--to %q: want http://HOST:PORT or unix:PATH", to)
	case unix:
		c.to, c.device = "http://localhost", ""
		transport.DialContext = func(ctx context.Context, _, _ string) (net.Conn, error) {
			return socket.Dial(ctx, path)
		}
	default:
		if !strings.Contains(to, "://") {
			to = "http://" + to
		}
		u, err := url.Parse(to)
		if err != nil || u.Host == "" || u.User != nil || u.Scheme != "http" && u.Scheme != "https" {
			return nil, fmt.Errorf("--to %q: want http://HOST:PORT or unix:PATH", to)
		}
		if transport.DialContext, err = dhtcore.DialBy(device); err != nil {
			return nil, err
		}
		c.to = u.Scheme + "://" + u.Host + strings.TrimSuffix(strings.TrimRight(u.Path, "/"), "/add_torrent_info")
	}
	c.client = http.Client{Transport: transport, Timeout: callTimeout, CheckRedirect: func(*http.Request, []*http.Request) error {
		return http.ErrUseLastResponse // the token is for nobody else
	}}
	token, err := os.ReadFile(tokenFile)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("there is no token in %s: start 'dhtop serve' first, or pass its --data DIR or --token-file FILE", tokenFile)
	case err != nil:
		return nil, fmt.Errorf("cannot read the token in %s: %w: run this as the user of 'dhtop serve', or pass --token-file FILE", tokenFile, human.Cause(err))
	}
	if c.token = strings.TrimSpace(string(token)); c.token == "" || strings.ContainsAny(c.token, "\r\n") {
		return nil, fmt.Errorf("there is no token in %s: pass --token-file FILE with that of 'dhtop serve'", tokenFile)
	}
	return c, nil
}

// tokenIn is where the token of a data directory is.
func tokenIn(dir string) string { return filepath.Join(dir, "token") }

// errUnreachable is wrapped by the errors of a dhtop that does not answer, however often it was tried.
var errUnreachable = errors.New("it does not answer")

// post sends a document to a path and reads the answer. What may pass is tried again. The error is a sentence with a
// remedy; it wraps errUnreachable where trying anything else is of no use.
func (c *apiClient) post(ctx context.Context, path string, document, answer any, remark func(text string)) error {
	body, err := json.Marshal(document)
	if err != nil {
		return err
	}
	pause := c.pause
	for attempt := 0; ; attempt++ {
		again, err := c.postOnce(ctx, path, body, answer)
		if err == nil || !again || ctx.Err() != nil || attempt == c.retries {
			return err
		}
		what, _, _ := strings.Cut(err.Error(), ": ")
		remark(fmt.Sprintf("%s: trying again in %s", what, pause))
		select {
		case <-ctx.Done():
			return err
		case <-time.After(pause):
		}
		pause = min(2*pause, longestPause)
	}
}

// postOnce is post without trying again. again reports whether that may help.
func (c *apiClient) postOnce(ctx context.Context, path string, body []byte, answer any) (again bool, err error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, c.to+path, bytes.NewReader(body))
	if err != nil {
		return false, fmt.Errorf("--to %q: want http://HOST:PORT or unix:PATH", c.to)
	}
	request.Header.Set("Authorization", "Bearer "+c.token)
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("User-Agent", "dhtop/"+version())
	response, err := c.client.Do(request)
	if err != nil {
		return true, c.unreachable(err)
	}
	defer response.Body.Close()
	b, err := io.ReadAll(io.LimitReader(response.Body, maxAnswer))
	if err != nil {
		return true, c.unreachable(err)
	}
	if response.StatusCode == http.StatusOK && json.Unmarshal(b, answer) == nil {
		return false, nil
	}
	return response.StatusCode >= 500 || response.StatusCode == http.StatusTooManyRequests, c.refused(response, b)
}

// unreachable is the error of a request that got no answer.
func (c *apiClient) unreachable(err error) error {
	why := "does not answer"
	switch {
	case errors.Is(err, syscall.ECONNREFUSED), errors.Is(err, fs.ErrNotExist):
		why = "does not listen"
	case errors.Is(err, fs.ErrPermission):
		return fmt.Errorf("you may not connect to %s: run this as the user of 'dhtop serve' (%w)", c.to, errUnreachable)
	}
	if c.device != "" {
		why += " by " + c.device + ", the interface of --bind-device"
	}
	return &unreachableError{fmt.Sprintf("%s %s: start 'dhtop serve' with --tracker-http or --tracker-udp, or pass --to with the URL of its HTTP API", c.to, why)}
}

// unreachableError is an errUnreachable in words of its own.
type unreachableError struct{ text string }

func (e *unreachableError) Error() string        { return e.text }
func (e *unreachableError) Is(target error) bool { return target == errUnreachable }

// refused is the error of an answer that is not the one that was hoped for.
func (c *apiClient) refused(response *http.Response, body []byte) error {
	var says struct {
		Detail string `json:"detail"`
		Error  string `json:"error"`
	}
	json.Unmarshal(body, &says) //nolint:errcheck // some answers are in other words
	text := cmp.Or(says.Detail, says.Error)
	switch status := response.StatusCode; {
	case status == http.StatusUnauthorized:
		return &unreachableError{fmt.Sprintf("%s refuses the token in %s: pass --token-file with the file token of its data directory", c.to, c.where)}
	case status == http.StatusNotFound, status == http.StatusMethodNotAllowed, text == "":
		return &unreachableError{fmt.Sprintf("%s is not the HTTP API of a dhtop that takes this (it says %s): pass --to with the URL that 'dhtop serve' prints "+
			"as its HTTP API, not that of its tracker", c.to, response.Status)}
	case status == http.StatusForbidden:
		return &unreachableError{fmt.Sprintf("%s refuses: %s", c.to, text)}
	}
	return errors.New(text)
}
