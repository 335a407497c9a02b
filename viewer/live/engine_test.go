//go:build !js

package live

import (
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/ukemi-sim/ukemi/viewer/internal/chromium"
)

// TestEngine opens the page that simulates by itself, as `ukemi web` writes it, and plays with it: no server is there.
func TestEngine(t *testing.T) {
	if _, err := chromium.Find(); err != nil {
		t.Skipf("left out, the page needs a browser: %v", err)
	}
	file := filepath.Join(t.TempDir(), "ukemi.html")
	if said, err := exec.Command("go", "run", "github.com/ukemi-sim/ukemi/cmd/ukemi", "web", "quadruped", "--out", file).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, said)
	}
	info, err := os.Stat(file)
	must(t, err)
	t.Logf("the page has %.2f MB", float64(info.Size())/1e6)
	if info.Size() > 6e6 {
		t.Errorf("the page has %d bytes, want at most 6 MB", info.Size())
	}
	p, err := chromium.Open(1100, 700, 6*time.Minute)
	must(t, err)
	t.Cleanup(p.Close)
	must(t, p.Go((&url.URL{Scheme: "file", Path: filepath.ToSlash(file)}).String(), "ukemi.track?.count > 10 && ukemi.now.time > 0.3"))
	if n := value(t, p, "ukemi.info.bodies.length"); n != 13 {
		t.Errorf("the quadruped has %g bodies", n)
	}

	// As fast as it can: faster than the clock. Speed is printed, not asserted: other tests run beside it.
	must(t, p.Eval("ukemi.link.send({speed: 100})", nil))
	must(t, p.Wait("ukemi.now.time > 20"))
	t.Logf("the quadruped runs at %.0f times real time, with the page beside it", value(t, p, "ukemi.now.speed"))
	must(t, p.Eval("ukemi.link.send({speed: 1})", nil))
	leave(t, p, "engine")

	t.Run("pull", func(t *testing.T) { pullUp(t, p) })
	t.Run("panels", func(t *testing.T) { panels(t, p) })
	t.Run("gradient", func(t *testing.T) { gradient(t, p) })
	t.Run("file", func(t *testing.T) { dropFile(t, p) })
	if l := p.Problems(); len(l) > 0 {
		t.Errorf("the console says %q", l)
	}
}

// pullUp takes the first body where it is on the screen, and pulls it up by the mouse.
func pullUp(t *testing.T, p *chromium.Page) {
	must(t, p.Key(" ")) // a body that moves is hard to hit
	must(t, p.Wait("!ukemi.playing"))
	must(t, p.Key("Backspace"))
	must(t, p.Wait("ukemi.at === 0"))
	must(t, p.Eval("new Promise(r => requestAnimationFrame(() => requestAnimationFrame(() => r(1))))", nil)) // the camera is there
	low := lift(t, p, "engine pull")
	must(t, p.Wait("ukemi.stage.bodies[0].position.z < 0.05 + "+number(low)))
}

// panels moves joints and inputs, keeps a state and goes back to it, plots what is chosen, hides a body, and switches gravity off.
func panels(t *testing.T, p *chromium.Page) {
	must(t, p.Key("o"))
	must(t, p.Eval("document.querySelectorAll('#panels details').forEach((d) => d.open = true)", nil))
	move := func(panel string, k int, x float64) {
		t.Helper()
		must(t, p.Eval("(() => { const r = document.querySelectorAll('#"+panel+" input')["+strconv.Itoa(k)+"]; r.value = '"+number(x)+"'; r.dispatchEvent(new Event('input')); })()", nil))
	}
	must(t, p.Wait("document.querySelectorAll('#joints input').length === 12 && document.querySelectorAll('#inputs input').length === 12"))
	must(t, p.Key("k"))
	must(t, p.Wait("document.querySelectorAll('#keys .body').length === 1"))
	before := value(t, p, "ukemi.track.get(ukemi.track.slider + 12, ukemi.track.count - 1)")
	move("joints", 0, 0.4)
	must(t, p.Wait("!ukemi.playing && Math.abs(ukemi.track.get(ukemi.track.slider + 12, ukemi.track.count - 1) - 0.4) < 0.01"))
	must(t, p.Eval("document.querySelector('#keys .body button').click()", nil))
	must(t, p.Wait("Math.abs(ukemi.track.get(ukemi.track.slider + 12, ukemi.track.count - 1) - "+number(before)+") < 0.05"))
	move("joints", 0, 0.4)
	must(t, p.Wait("Math.abs(ukemi.track.get(ukemi.track.slider + 12, ukemi.track.count - 1) - 0.4) < 0.01"))
	must(t, p.Key("j"))
	must(t, p.Wait("Math.abs(ukemi.track.get(ukemi.track.slider + 12, ukemi.track.count - 1) - "+number(before)+") < 0.05"))
	move("inputs", 1, 0.9)
	must(t, p.Wait("Math.abs(ukemi.track.get(ukemi.track.slider + 1, ukemi.track.count - 1) - 0.9) < 0.02"))

	plots := value(t, p, "document.querySelectorAll('#plots figure').length")
	must(t, p.Eval("document.querySelectorAll('#signals input')[0].click()", nil))
	must(t, p.Eval("[...document.querySelectorAll('#signals input')].slice(-2).forEach((b) => b.click())", nil))
	must(t, p.Wait("document.querySelectorAll('#plots figure').length === "+number(plots+1)))
	must(t, p.Eval("document.querySelector('#bodies input').click()", nil))
	must(t, p.Wait("!ukemi.stage.bodies[0].visible"))
	leave(t, p, "engine panels")
	must(t, p.Eval("document.querySelector('#bodies input').click()", nil))

	must(t, p.Key("Backspace"))
	must(t, p.Wait("ukemi.now.time === 0"))
	must(t, p.Eval("document.querySelector('#gravity').click()", nil))
	must(t, p.Wait("!ukemi.now.gravity"))
	must(t, p.Key(" "))
	must(t, p.Wait("ukemi.now.time > 1"))
	if z := value(t, p, "ukemi.stage.bodies[0].position.z"); z < 0.2 {
		t.Errorf("without gravity the trunk went down to %g m", z)
	}
	must(t, p.Eval("document.querySelector('#gravity').click()", nil))
	must(t, p.Wait("ukemi.now.gravity"))
}

// gradient chooses the block, and sees that a push does not move what sticks, the more so the harder contact is.
func gradient(t *testing.T, p *chromium.Page) {
	must(t, p.Eval(`(() => { const r = document.querySelector('#robot'); r.value = 'block'; r.dispatchEvent(new Event('change')); })()`, nil))
	must(t, p.Wait("ukemi.info.bodies.length === 1 && ukemi.now?.time > 0"))
	must(t, p.Key("g"))
	must(t, p.Wait("ukemi.now.watched === 0 && ukemi.now.time > 3"))
	var held [2]float64
	for i, k := range []float64{-6, -2} {
		must(t, p.Eval("(() => { const k = document.querySelector('#kappa'); k.value = '"+number(k)+"'; k.dispatchEvent(new Event('input')); })()", nil))
		at := value(t, p, "ukemi.now.time")
		must(t, p.Wait("ukemi.now.time > "+number(at+1)))
		held[i] = value(t, p, "ukemi.now.response[2][2]")
		leave(t, p, "engine gradient "+strconv.Itoa(i))
	}
	if !(held[0] >= 0 && held[0] < 0.01 && held[1] > 10*held[0]) {
		t.Errorf("the block on the ground answers by %g to a push along z at κ = 1e-6, by %g at 1e-2", held[0], held[1])
	}
	must(t, p.Eval(`(() => { const s = document.querySelector('#timestep'); s.value = '0.002'; s.dispatchEvent(new Event('change')); })()`, nil))
	must(t, p.Wait("Math.abs(ukemi.now.timestep - 0.002) < 1e-6"))
}

// dropFile drops a robot of somebody else onto the page, with a name that would break a careless one.
func dropFile(t *testing.T, p *chromium.Page) {
	const robot = `<robot name="&lt;/script>&lt;img src=x onerror=alert(1)>"><link name="&lt;b>rod"><inertial><mass value="1"/>` +
		`<inertia ixx="1" iyy="1" izz="1" ixy="0" ixz="0" iyz="0"/></inertial><collision><geometry><sphere radius="0.2"/></geometry></collision></link></robot>`
	must(t, p.Eval("(() => { const d = new DataTransfer(); d.items.add(new File(["+strconv.Quote(robot)+"], 'a.urdf'));"+
		"dispatchEvent(new DragEvent('drop', {dataTransfer: d, cancelable: true})); })()", nil))
	must(t, p.Wait("ukemi.info.title.startsWith('</script>') && ukemi.track.count > 5"))
	if n := value(t, p, "document.images.length"); n != 0 {
		t.Error("a robot's name became part of the page")
	}
	leave(t, p, "engine file")

	dropWedge(t, p, "Wedge.obj") // in a page, capitals do not count
	if n := value(t, p, "ukemi.info.meshes.length"); n != 2 {
		t.Errorf("%g meshes came with the robot, want the one that is drawn and its hull", n)
	}
	leave(t, p, "engine mesh")
	must(t, p.Eval("ukemi.link.send({open: {name: 'b.urdf', text: '<robot'}})", nil))
	must(t, p.Wait("document.querySelector('#info p').textContent.includes('b.urdf')"))
}
