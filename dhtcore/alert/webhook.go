package alert

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"

	"dhtop/dhtcore/pause"
	"dhtop/dhtcore/watch"
)

// message is an alert as a web hook gets it.
type message struct {
	Seq      uint64     `json:"seq"`
	Rule     string     `json:"rule"`
	Firing   bool       `json:"firing"`
	InfoHash *string    `json:"info_hash"` // or the target of an item; null for the node itself
	Name     *string    `json:"name"`
	Since    time.Time  `json:"since"`
	Fired    time.Time  `json:"fired"`
	Cleared  *time.Time `json:"cleared"`
	Text     string     `json:"text"`
}

func encode(a *watch.Alert) []byte {
	m := message{Seq: a.Seq, Rule: a.Kind.String(), Firing: a.Firing(), Since: a.Since.UTC(), Fired: a.Fired.UTC(), Text: a.Text}
	if !a.Kind.OfNode() {
		hash := a.Target.String()
		m.InfoHash, m.Name = &hash, &a.Name
	}
	if !a.Firing() {
		cleared := a.Cleared.UTC()
		m.Cleared = &cleared
	}
	b, _ := json.Marshal(&m) // strings and times alone
	return b
}

// CheckWebhook returns what is wrong with the URL of a web hook, nil for nothing.
func CheckWebhook(s string) error {
	u, err := url.Parse(s)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return fmt.Errorf("%q is no URL of a web hook: want http://HOST/PATH or https://HOST/PATH", redactURL(s))
	}
	return nil
}

// redactURL is a URL without what may be secret.
func redactURL(s string) string {
	u, err := url.Parse(s)
	if err != nil {
		return "that"
	}
	return (&url.URL{Scheme: u.Scheme, Host: u.Host}).String()
}

// webhook posts an alert as JSON, again after a while where that fails.
func webhook(through http.RoundTripper, to string, retries []time.Duration) func(ctx context.Context, a *watch.Alert) error {
	client := &http.Client{Timeout: postLimit, Transport: through, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	return func(ctx context.Context, a *watch.Alert) error {
		body := encode(a)
		for i := 0; ; i++ {
			again, err := post(ctx, client, to, body)
			if err == nil || !again || i == len(retries) || !pause.For(ctx, retries[i]) {
				return err
			}
		}
	}
}

// post posts once. again reports whether another attempt may do better.
func post(ctx context.Context, client *http.Client, to string, body []byte) (again bool, err error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, to, bytes.NewReader(body))
	if err != nil {
		return false, fmt.Errorf("%s is no URL", redactURL(to))
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("User-Agent", "dhtop")
	answer, err := client.Do(r)
	if err != nil {
		if e, ok := err.(*url.Error); ok { //nolint:errorlint // it is what Do returns
			err = e.Err // without the URL, which may have a token
		}
		return true, fmt.Errorf("%s cannot be reached: %w", redactURL(to), err)
	}
	defer answer.Body.Close()
	io.Copy(io.Discard, io.LimitReader(answer.Body, 1<<16)) //nolint:errcheck // for the next request
	if answer.StatusCode/100 == 2 {
		return false, nil
	}
	again = answer.StatusCode/100 == 5 || answer.StatusCode == http.StatusTooManyRequests
	return again, fmt.Errorf("%s answers %s", redactURL(to), answer.Status)
}
