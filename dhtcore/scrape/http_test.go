package scrape

import (
	"context"
	"crypto/tls"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"dhtop/dhtcore/wire"
)

func TestAnHTTPTrackerTellsTheCounts(t *testing.T) {
	var asked []string
	s := openHTTP(t, func(w http.ResponseWriter, r *http.Request) {
		asked = append(asked, r.URL.Path+" "+r.URL.Query().Get("key")+" "+fmt.Sprint(len(r.URL.Query()["info_hash"])))
		files(w, r)
	})
	hashes := make([]wire.ID, 60)
	for i := range hashes {
		hashes[i] = id(byte(i))
	}
	r := scrape(t, openClient(t, Config{}), s.URL+"/x/announce.php?key=1%2F2", hashes...)
	if r.Err != nil || len(r.Swarms) != 60 || r.Swarms[59] != (Swarm{true, 59, 61, 60}) || r.RTT <= 0 || !r.Addr.IsValid() {
		t.Errorf("%+v", r)
	}
	if want := []string{"/x/scrape.php 1/2 50", "/x/scrape.php 1/2 10"}; !slices.Equal(asked, want) {
		t.Errorf("asked for %q, want %q", asked, want)
	}
}

func TestTheKeyOfAHashIsReadInEveryForm(t *testing.T) {
	hash := id(200)
	for _, key := range []string{string(hash[:]), hash.String(), latin1(hash)} {
		got, err := parseReply(fmt.Appendf(nil, "d5:filesd%d:%sd8:completei5eeee", len(key), key), []wire.ID{id(1), hash, hash})
		if want := (Swarm{true, 5, Unknown, Unknown}); err != nil || got.swarms[0] != unknownSwarm || got.swarms[1] != want || got.swarms[2] != want {
			t.Errorf("%q: %+v, %v", key, got.swarms, err)
		}
	}
}

func TestTheURLOfAScrape(t *testing.T) {
	for announce, want := range map[string]string{ // most are BEP 48's own
		"http://example.com/announce":                       "http://example.com/scrape",
		"http://example.com/x/announce":                     "http://example.com/x/scrape",
		"http://example.com/announce.php":                   "http://example.com/scrape.php",
		"http://example.com/a":                              "",
		"http://example.com/announce?x2%0644":               "http://example.com/scrape?x2%0644",
		"http://example.com/announce?x=2/4":                 "http://example.com/scrape?x=2/4",
		"http://example.com/x%064announce":                  "",
		"http://example.com/announce%2fx":                   "http://example.com/scrape%2fx",
		"http://example.com/a%2fb/announce/":                "",
		"http://example.com":                                "",
		"http://[::1]:80/0123456789abcdef/announce?trash=1": "http://[::1]:80/0123456789abcdef/scrape?trash=1",
	} {
		u, err := parseURL(announce)
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		if scrape, ok := scrapeURL(u); ok {
			got = scrape.String()
		}
		if got != want {
			t.Errorf("%s: %q, want %q", announce, got, want)
		}
	}
}

func TestATrackerThatIsNoneIsASentence(t *testing.T) {
	c := openClient(t, Config{})
	for tracker, says := range map[string]string{
		"wss://t.example":                   "only browsers",
		"ftp://t.example":                   "this is no tracker",
		"t.example:80":                      "this is no tracker",
		"http://":                           "no host",
		"udp://t.example":                   "no port",
		"udp://t.example:0":                 "want 1 to 65535",
		"udp://t.example:65536":             "want 1 to 65535",
		"http://t.example:x/announce":       "this is no URL",
		"http://t.\x1b[2J/announce":         "this is no URL",
		"http://127.0.0.1:1/":               "cannot be scraped",
		"http://127.0.0.1:1/announce":       "refused",
		"udp://" + strings.Repeat("a", 500): "no port",
	} {
		r := scrape(t, c, tracker, id(1))
		if r.Err == nil || !strings.Contains(r.Err.Error(), says) {
			t.Errorf("%q: %v, want %q", tracker, r.Err, says)
			continue
		}
		checkSentence(t, r.Err)
	}
}

func TestWhatIsWrongWithAnHTTPReplyIsASentence(t *testing.T) {
	answer := func(status int, body string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(status); write(w, body) }
	}
	for says, handle := range map[string]http.HandlerFunc{
		"the tracker says: no �[2J": answer(200, "d14:failure reason7:no \x1b[2Je"),
		"the tracker says: banned":  answer(403, "d14:failure reason6:bannede"),
		"not bencoded":              answer(200, "<html>"),
		"broken or cut off":         answer(200, "d5:filesd20:"),
		"has no counts":             answer(200, "de"),
		"HTTP 404":                  answer(404, "<html>"),
		"HTTP 429":                  answer(429, ""),
		"more than 1024 KiB":        answer(200, strings.Repeat("x", maxBody+1)),
		"more than 5 redirects":     func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, r.URL.String(), http.StatusFound) },
		"hung up":                   func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
	} {
		r := scrape(t, openClient(t, Config{}), openHTTP(t, handle).URL+"/announce", id(1))
		if r.Err == nil || !strings.Contains(r.Err.Error(), says) {
			t.Errorf("%v, want %q", r.Err, says)
			continue
		}
		checkSentence(t, r.Err)
	}
}

func TestWhenATrackerWantsToBeAskedAgain(t *testing.T) {
	for body, want := range map[string]struct {
		in    time.Duration
		never bool
	}{
		"d14:failure reason4:busy8:retry in2:10e":                                   {10 * time.Minute, false},
		"d14:failure reason4:busy8:retry ini5ee":                                    {5 * time.Minute, false},
		"d14:failure reason4:gone8:retry in5:nevere":                                {0, true},
		"d14:failure reason4:busy8:retry in20:99999999999999999999e":                {0, false},
		"d14:failure reason4:busy8:retry ini99999999999999999999ee":                 {maxRetry * time.Minute, false},
		"d5:filesde5:flagsd20:min_request_intervali60eee":                           {time.Minute, false},
		"d5:filesde5:flagsd20:min_request_intervali-1e1:xlee8:retry in3:abc1:zi1ee": {0, false},
	} {
		r := scrape(t, openClient(t, Config{}), openHTTP(t, func(w http.ResponseWriter, _ *http.Request) { write(w, body) }).URL+"/announce", id(1))
		if r.RetryIn != want.in || r.Never != want.never {
			t.Errorf("%s: %s, never %v", body, r.RetryIn, r.Never)
		}
	}
}

func TestRedirectsAreFollowedWithinReason(t *testing.T) {
	to := openHTTP(t, files)
	s := openHTTP(t, func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, to.URL+"/elsewhere?"+r.URL.RawQuery, http.StatusFound)
	})
	r := scrape(t, openClient(t, Config{}), s.URL+"/announce", id(3))
	if r.Err != nil || r.Swarms[0].Seeders != 3 || r.URL != to.URL+"/elsewhere" {
		t.Errorf("%+v", r)
	}
	q := request{public: true, host: "Inside.example"}
	addr := to.Listener.Addr()
	if !q.isLuredInside("inside.example:80", addr) || q.isLuredInside("proxy.example:80", addr) {
		t.Error("a redirect from the Internet to loopback is followed, or a proxy is not")
	}
	if q.public = false; q.isLuredInside("inside.example:80", addr) {
		t.Error("a tracker of the own network may not redirect within it")
	}
}

func TestCertificatesAreVerified(t *testing.T) {
	s := httptest.NewUnstartedServer(http.HandlerFunc(files))
	s.Config.ErrorLog = discardLog
	s.StartTLS()
	t.Cleanup(s.Close)
	r := scrape(t, openClient(t, Config{}), s.URL+"/announce", id(1))
	if r.Err == nil || !strings.Contains(r.Err.Error(), "certificate is not valid") {
		t.Errorf("%+v", r)
	}
	trusting := s.Client().Transport.(*http.Transport).TLSClientConfig.RootCAs
	c := openClient(t, Config{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: trusting}}})
	if r := scrape(t, c, s.URL+"/announce", id(1)); r.Err != nil || r.Swarms[0].Seeders != 1 {
		t.Errorf("%+v", r)
	}
	wrong := strings.Replace(s.URL, "127.0.0.1", "localhost", 1)
	if r := scrape(t, c, wrong+"/announce", id(1)); r.Err == nil || !strings.Contains(r.Err.Error(), "certificate is not valid") {
		t.Errorf("%+v", r)
	}
	plain := openHTTP(t, files)
	if r := scrape(t, c, strings.Replace(plain.URL, "http", "https", 1)+"/announce", id(1)); r.Err == nil || !strings.Contains(r.Err.Error(), "does not speak TLS") {
		t.Errorf("%+v", r)
	}
	down := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, plain.URL, http.StatusFound)
	}))
	t.Cleanup(down.Close)
	if r := scrape(t, c, down.URL+"/announce", id(1)); r.Err == nil || !strings.Contains(r.Err.Error(), "unencrypted") {
		t.Errorf("%+v", r)
	}
}

func TestASlowTrackerEndsWithThePatience(t *testing.T) {
	end := make(chan struct{})
	s := openHTTP(t, func(http.ResponseWriter, *http.Request) { <-end })
	defer close(end)
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if r := openClient(t, Config{}).Scrape(ctx, s.URL+"/announce", []wire.ID{id(1)}); r.Err == nil || !strings.Contains(r.Err.Error(), "no answer within") {
		t.Errorf("%+v", r)
	}
}

func TestInTheDemoOnlyLoopbackIsContacted(t *testing.T) {
	s := openHTTP(t, files)
	c := openClient(t, Config{LoopbackOnly: true, Resolver: noDNS{t}})
	if r := scrape(t, c, s.URL+"/announce", id(1)); r.Err != nil {
		t.Error(r.Err)
	}
	for _, tracker := range []string{"udp://t.example:80", "http://192.0.2.1/announce", "https://[2001:db8::1]/announce"} {
		if r := scrape(t, c, tracker, id(1)); r.Err == nil || !strings.Contains(r.Err.Error(), "not contacted") {
			t.Errorf("%s: %+v", tracker, r)
		}
	}
}

// noDNS is a Resolver that must not be asked.
type noDNS struct{ t *testing.T }

func (n noDNS) LookupTXT(context.Context, string) ([]string, error) {
	n.t.Error("the DNS is asked for TXT records")
	return nil, nil
}

func (n noDNS) LookupNetIP(context.Context, string, string) ([]netip.Addr, error) {
	n.t.Error("the DNS is asked for addresses")
	return nil, nil
}

func TestTheLocalAddressIsTheOneOfTheConfiguration(t *testing.T) {
	var from string
	s := openHTTP(t, func(w http.ResponseWriter, r *http.Request) { from = r.RemoteAddr; files(w, r) })
	u := openTracker(t)
	c := openClient(t, Config{Bind: []netip.Addr{netip.MustParseAddr("127.0.0.2")}})
	if r := scrape(t, c, s.URL+"/announce", id(1)); r.Err != nil || !strings.HasPrefix(from, "127.0.0.2:") {
		t.Errorf("%s, %v", from, r.Err)
	}
	r := scrape(t, c, u.url(), id(1))
	u.locked(func() {
		if r.Err != nil || firstOf(u.sources).Addr().String() != "127.0.0.2" {
			t.Errorf("%v, %v", u.sources, r.Err)
		}
	})
	if r := scrape(t, c, "udp://[::1]:9", id(1)); r.Err == nil || !strings.Contains(r.Err.Error(), "family") {
		t.Error(r.Err)
	}
}

func TestTheErrorIsThatOfTheFamilyThatTheTrackerHas(t *testing.T) {
	for _, bind := range [][]netip.Addr{nil, {netip.IPv4Unspecified(), netip.IPv6Unspecified()}, {netip.MustParseAddr("127.0.0.1"), netip.IPv6Loopback()}} {
		c := openClient(t, Config{Bind: bind})
		if r := scrape(t, c, "http://127.0.0.1:1/announce", id(1)); r.Err == nil || !strings.Contains(r.Err.Error(), "refused") {
			t.Errorf("%v: %v", bind, r.Err)
		}
		if n := len(c.udp); n > 1 && !bind[0].IsLoopback() {
			t.Errorf("%v: %d UDP sockets", bind, n)
		}
	}
}

func FuzzHTTPReply(f *testing.F) {
	hash, other := id(1), id(9)
	f.Add([]byte("d5:filesd20:" + string(hash[:]) + "d8:completei5e10:downloadedi6e10:incompletei7eeee"))
	f.Add([]byte("d5:filesd40:" + hash.String() + "d8:completei-5eee8:retry in5:never5:flagsd20:min_request_intervali9eee"))
	f.Add([]byte("d14:failure reason3:\x1b[2e"))
	f.Add([]byte("d5:filesd20:" + url.QueryEscape("x")))
	f.Add([]byte(strings.Repeat("d1:a", 300)))
	f.Fuzz(func(t *testing.T, body []byte) {
		r, err := parseReply(body, []wire.ID{hash, other})
		if err != nil {
			checkSentence(t, err)
			return
		}
		checkSwarms(t, r.swarms, 2)
		if r.retryIn < 0 || len(r.warning) > maxText {
			t.Errorf("%+v", r)
		}
	})
}
