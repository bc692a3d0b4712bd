package api

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// said is what the routes of a test answer.
type said struct {
	Word string `json:"word"`
}

// echoing is a table whose path can be read, and changed to the word of a body of at most 100 bytes.
func echoing() []route {
	return []route{
		{method: "GET", path: "/word", answer: func(*call) (int, any) { return http.StatusOK, said{"read"} }},
		{method: "POST", path: "/word", maxBody: 100, answer: func(c *call) (int, any) {
			var s said
			if err := c.decode(&s); err != nil {
				return fail(err)
			}
			return http.StatusAccepted, s
		}},
	}
}

// asked returns what echoing answers to a request, from a Server with a token.
func asked(t *testing.T, s *Server, method, body string, header map[string]string) *http.Response {
	t.Helper()
	r := httptest.NewRequest(method, "http://localhost/word", strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	for name, value := range header {
		r.Header.Set(name, value)
	}
	r.RemoteAddr = "127.0.0.1:1"
	w := httptest.NewRecorder()
	guard{[]string{"localhost"}, s.token, false, handlerOf(echoing(), s, nil)}.ServeHTTP(w, r)
	return w.Result()
}

func TestAChangeNeedsTheTokenAndABodyThatFits(t *testing.T) {
	s := &Server{token: newSecret("correct horse battery staple")}
	auth := map[string]string{"Authorization": "Bearer correct horse battery staple"}
	for name, c := range map[string]struct {
		method, body string
		header       map[string]string
		status       int
		says         string
	}{
		"a read":            {"GET", "", nil, 200, "read"},
		"a change":          {"POST", `{"word":"new"}`, auth, 202, "new"},
		"no token":          {"POST", `{"word":"new"}`, nil, 401, "Bearer TOKEN"},
		"wrong token":       {"POST", `{"word":"new"}`, map[string]string{"Authorization": "Bearer wrong horse"}, 401, "Bearer TOKEN"},
		"foreign page":      {"POST", `{"word":"new"}`, map[string]string{"Authorization": auth["Authorization"], "Origin": "http://evil.example"}, 403, "another origin"},
		"too much":          {"POST", `{"word":"` + strings.Repeat("x", 100) + `"}`, auth, 413, "100 bytes"},
		"nothing":           {"POST", "", auth, 400, "it is empty"},
		"half":              {"POST", `{"word"`, auth, 400, "cut off"},
		"two":               {"POST", `{}{}`, auth, 400, "more than one"},
		"another type":      {"POST", `{"word":1}`, auth, 400, "word is of the type number"},
		"another document":  {"POST", `[]`, auth, 400, "the document is of the type array"},
		"an unknown field":  {"POST", `{"wrod":"x"}`, auth, 400, `unknown field "wrod"`},
		"a form":            {"POST", `{"word":"new"}`, map[string]string{"Authorization": auth["Authorization"], "Content-Type": "text/plain"}, 415, "Content-Type: application/json"},
		"an unknown method": {"DELETE", "", auth, 405, "use GET, HEAD, POST"},
	} {
		response := asked(t, s, c.method, c.body, c.header)
		b, err := io.ReadAll(response.Body)
		if text := strings.ReplaceAll(string(b), `\"`, `"`); err != nil || response.StatusCode != c.status || !strings.Contains(text, c.says) {
			t.Errorf("%s: %s %s; want %d and %q", name, response.Status, text, c.status, c.says)
		}
	}
	if r := asked(t, &Server{}, "POST", "{}", map[string]string{"Authorization": "Bearer "}); r.StatusCode != http.StatusForbidden {
		t.Errorf("without a token there: %s; want that nothing can be changed", r.Status)
	}
}

func TestANumberThatDoesNotFitIsToldWhichOnesDo(t *testing.T) {
	for body, want := range map[string]string{
		`{"port":70000}`:  "port cannot be 70000: want a whole number from 0 to 65535",
		`{"port":-1}`:     "port cannot be -1: want a whole number from 0 to 65535",
		`{"port":1.5}`:    "port cannot be 1.5: want a whole number from 0 to 65535",
		`{"seq":1e30}`:    "seq cannot be 1e30: want a whole number",
		`{"rate":1e999}`:  "rate cannot be 1e999: it is too large",
		`{"port":"6881"}`: "port is of the type string",
	} {
		var document struct {
			Port uint16
			Seq  int64
			Rate float64
		}
		err := json.Unmarshal([]byte(body), &document)
		if err == nil || !strings.EqualFold(jsonFault(err), want) {
			t.Errorf("%s: %v; want %s", body, err, want)
		}
	}
}
