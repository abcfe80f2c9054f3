/// What the page does beyond plain markup; without it everything can still be read and played.
enum ReportScript {
    static let javaScript = """
        (() => {
        'use strict';
        const all = (selector, root = document) => [...root.querySelectorAll(selector)];
        const track = document.querySelector('.track');
        const scroll = document.querySelector('.scroll');
        const axis = document.querySelector('.axis');
        const start = Number(axis.dataset.start), end = Number(axis.dataset.end), whole = Math.max(end - start, 1e-9);
        document.documentElement.classList.add('js');

        const clock = seconds => {
        const total = Math.round(Math.abs(seconds)), h = Math.floor(total / 3600), m = Math.floor(total / 60) % 60;
        const s = String(total % 60).padStart(2, '0');
        return (seconds < 0 && total ? '-' : '') + (h ? `${h}:${String(m).padStart(2, '0')}:${s}` : `${m}:${s}`);
        };

        const steps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400];
        const drawAxis = () => {
        const wanted = Math.max(2, track.clientWidth / 90);
        const step = steps.find(one => whole / one <= wanted) || 14400;
        axis.replaceChildren();
        for (let at = Math.ceil(start / step) * step; at <= end; at += step) {
        const tick = document.createElement('span'), left = (at - start) / whole * 100;
        tick.textContent = clock(at);
        tick.style.left = left + '%';
        if (left > 97) tick.className = 'last';
        axis.append(tick);
        }
        };

        let zoom = 1;
        const output = document.querySelector('.zoom output');
        const setZoom = (next, centre = 0.5) => {
        next = Math.min(64, Math.max(1, next));
        const middle = (scroll.scrollLeft + scroll.clientWidth * centre) / track.clientWidth;
        zoom = next;
        track.style.setProperty('--zoom', zoom);
        scroll.scrollLeft = middle * track.clientWidth - scroll.clientWidth * centre;
        output.textContent = zoom + '×';
        drawAxis();
        };
        for (const button of all('.zoom button')) {
        button.addEventListener('click', () => setZoom(Number(button.dataset.zoom) > 0 ? zoom * 2 : zoom / 2));
        }
        scroll.addEventListener('wheel', event => {
        if (!event.ctrlKey) return;
        event.preventDefault();
        const box = scroll.getBoundingClientRect();
        setZoom(event.deltaY < 0 ? zoom * 2 : zoom / 2, (event.clientX - box.left) / box.width);
        }, { passive: false });
        addEventListener('resize', drawAxis);
        drawAxis();

        const markers = all('.marker');
        const choose = id => {
        for (const marker of markers) marker.setAttribute('aria-pressed', String(marker.dataset.moment === id));
        for (const detail of all('.detail')) detail.classList.toggle('chosen', detail.id === 'moment-' + id);
        };
        const reveal = marker => {
        const box = scroll.getBoundingClientRect(), at = marker.getBoundingClientRect();
        if (at.left < box.left || at.right > box.right) scroll.scrollLeft += at.left - box.left - box.width / 2;
        };
        markers.forEach((marker, index) => {
        for (const event of ['click', 'focus']) marker.addEventListener(event, () => choose(marker.dataset.moment));
        marker.addEventListener('pointerenter', event => {
        if (event.pointerType === 'mouse' && !markers.includes(document.activeElement)) choose(marker.dataset.moment);
        });
        marker.addEventListener('keydown', event => {
        const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
        const next = step && markers[index + step];
        if (!next) return;
        event.preventDefault();
        next.focus();
        reveal(next);
        });
        });
        const best = document.querySelector('.marker.instant') || document.querySelector('.marker.clip') || markers[0];
        if (best) choose(best.dataset.moment);
        for (const link of all('[data-show]')) {
        link.addEventListener('click', event => {
        event.preventDefault();
        choose(link.dataset.show);
        const marker = markers.find(one => one.dataset.moment === link.dataset.show);
        document.querySelector('.timeline').scrollIntoView({ block: 'start' });
        if (marker) { reveal(marker); marker.focus({ preventScroll: true }); }
        });
        }

        const cursor = document.querySelector('.cursor');
        track.addEventListener('pointermove', event => {
        if (event.pointerType !== 'mouse') return;
        const box = track.getBoundingClientRect(), part = (event.clientX - box.left) / box.width;
        cursor.hidden = false;
        cursor.style.left = part * 100 + '%';
        cursor.firstChild.textContent = clock(start + part * whole);
        });
        track.addEventListener('pointerleave', () => { cursor.hidden = true; });

        const playhead = document.querySelector('.playhead');
        for (const video of all('video')) {
        const button = video.parentElement.querySelector('.play');
        button.hidden = false;
        video.controls = false;
        button.addEventListener('click', () => video.play().catch(() => { video.controls = true; }));
        video.addEventListener('play', () => {
        for (const other of all('video')) if (other !== video) other.pause();
        button.hidden = true;
        video.controls = true;
        });
        video.addEventListener('timeupdate', () => {
        playhead.hidden = false;
        playhead.style.left = (Number(video.dataset.start) + video.currentTime - start) / whole * 100 + '%';
        });
        video.addEventListener('ended', () => { button.hidden = false; playhead.hidden = true; });
        video.addEventListener('error', () => {
        button.hidden = true;
        const note = document.createElement('p');
        note.className = 'length';
        note.textContent = 'The clip file is not beside this page';
        video.parentElement.querySelector('.length').replaceWith(note);
        });
        }
        })();
        """
}
