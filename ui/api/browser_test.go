package api

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"dhtop/dhtcore/needs"
)

// chromium is a headless browser, told what to do over a pipe (the Chrome DevTools Protocol).
type chromium struct {
	t        *testing.T
	commands *os.File
	messages *bufio.Reader
	session  string
	id       int

	requests []string // URLs
	errors   []string // on the console
}

// devtools is a message of the browser.
type devtools struct {
	ID     int
	Method string
	Error  *struct{ Message string }
	Result json.RawMessage
	Params json.RawMessage
}

func openBrowser(t *testing.T) *chromium {
	t.Helper()
	program := needs.Program(t, "chromium", "chromium")
	hear, say, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	read, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	profile, err := os.MkdirTemp("", "chromium") // not the test's: its processes may write a moment longer than it lives
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), program, "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking",
		"--no-first-run", "--remote-debugging-pipe", "--user-data-dir="+profile, "about:blank")
	cmd.ExtraFiles = []*os.File{hear, write}
	cmd.WaitDelay = time.Second
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	hear.Close()
	write.Close()
	c := &chromium{t: t, commands: say, messages: bufio.NewReader(read)}
	t.Cleanup(func() {
		say.Close() // it ends then, or when the context of the test does
		cmd.Wait()  //nolint:errcheck // how it ends does not matter
		read.Close()
		os.RemoveAll(profile)
	})
	var target struct{ TargetID string }
	c.call("Target.createTarget", map[string]any{"url": "about:blank"}, &target)
	var attached struct{ SessionID string }
	c.call("Target.attachToTarget", map[string]any{"targetId": target.TargetID, "flatten": true}, &attached)
	c.session = attached.SessionID
	for _, domain := range []string{"Runtime", "Log", "Network", "Page"} {
		c.call(domain+".enable", nil, nil)
	}
	return c
}

// call sends a command and waits for its result; it notes what the page did meanwhile.
func (c *chromium) call(method string, params map[string]any, result any) {
	c.t.Helper()
	c.id++
	command := map[string]any{"id": c.id, "method": method, "params": params}
	if params == nil {
		delete(command, "params")
	}
	if c.session != "" {
		command["sessionId"] = c.session
	}
	b, err := json.Marshal(command)
	if err == nil {
		_, err = c.commands.Write(append(b, 0))
	}
	if err != nil {
		c.t.Fatal(err)
	}
	for {
		b, err := c.messages.ReadBytes(0)
		if err != nil {
			c.t.Fatalf("the browser has ended: %v", err)
		}
		var m devtools
		if err := json.Unmarshal(b[:len(b)-1], &m); err != nil {
			c.t.Fatal(err)
		}
		if m.Error != nil {
			c.t.Fatalf("%s: %s", method, m.Error.Message)
		}
		if m.ID != c.id {
			c.note(&m)
			continue
		}
		if result != nil {
			if err := json.Unmarshal(m.Result, result); err != nil {
				c.t.Fatal(err)
			}
		}
		return
	}
}

// note keeps what the page asked for and what went wrong.
func (c *chromium) note(m *devtools) {
	switch m.Method {
	case "Network.requestWillBeSent":
		var p struct{ Request struct{ URL string } }
		if err := json.Unmarshal(m.Params, &p); err == nil {
			c.requests = append(c.requests, p.Request.URL)
		}
	case "Runtime.exceptionThrown", "Runtime.consoleAPICalled", "Log.entryAdded":
		c.errors = append(c.errors, string(m.Params))
	}
}

// evaluate returns the value of an expression in the page, as text.
func (c *chromium) evaluate(expression string) string {
	c.t.Helper()
	var got struct{ Result struct{ Value any } }
	c.call("Runtime.evaluate", map[string]any{"expression": expression}, &got)
	return fmt.Sprint(got.Result.Value)
}

// eventually waits until an expression holds.
func (c *chromium) eventually(what, expression string) {
	c.t.Helper()
	for end := time.Now().Add(patience); ; time.Sleep(100 * time.Millisecond) {
		if c.evaluate(expression) == "true" {
			return
		}
		if time.Now().After(end) {
			c.t.Fatalf("not within %s: %s; %s\n%s", patience, what, c.errors, c.evaluate("document.body.innerText"))
		}
	}
}

func TestThePageLivesInABrowser(t *testing.T) {
	t.Parallel()
	url, e := servingExplorer(t, lively(), Config{})
	c := openBrowser(t)
	c.call("Page.navigate", map[string]any{"url": url + "/"}, nil)
	c.eventually("the page is live", `document.getElementById("link")?.textContent === "live"`)
	c.evaluate(`was = document.querySelector("#health .facts").innerText; 0`)
	c.eventually("its numbers move", `document.querySelector("#health .facts").innerText !== was`)
	c.eventually("it names hashes", `document.querySelectorAll("#hashes tbody tr").length > 3`)
	e.Note(`<img src=x onerror="fetch('http://192.0.2.1/')">`)
	c.eventually("it shows a text as text", `document.getElementById("events").innerText.includes("<img src=x")`)
	if c.evaluate("document.images.length") != "0" {
		t.Error("a text became an element")
	}
	c.evaluate(`fetch("http://192.0.2.1/").catch(() => {}); 0`)
	var elsewhere []string
	for _, asked := range c.requests {
		if !strings.HasPrefix(asked, url+"/") && !strings.HasPrefix(asked, "data:") && asked != "http://192.0.2.1/" {
			elsewhere = append(elsewhere, asked)
		}
	}
	if len(elsewhere) > 0 {
		t.Errorf("it asked elsewhere: %q", elsewhere)
	}
	for _, text := range c.errors {
		if !strings.Contains(text, "192.0.2.1") { // what the policy refused above
			t.Errorf("on the console: %s", text)
		}
	}
}
