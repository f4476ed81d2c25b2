// @ts-check
// The 24 built-in avatars as small vector drawings. Each animal is a line of shapes; a drawing is
// an SVG document in a data URI, which WeChat, QQ and browsers all show in <image>.
//
// A shape is its kind, a letter of the palette and numbers on a field of 48 by 48:
//   e x,y,rx,ry[,turn]  ellipse     E  the same twice, mirrored left and right
//   t x,y,x,y,x,y...    polygon with round corners     T  twice
//   l path              line        L  twice

/** @type {Record<string, string>} */
const PALETTE = {
  k: '#3d3335',
  w: '#fffdf8',
  o: '#ef8d4a',
  O: '#c9652c',
  g: '#a3b1bf',
  G: '#6c7d8f',
  b: '#b98257',
  B: '#7d553b',
  y: '#f8cb4e',
  p: '#f3a3a0',
  c: '#fbe6c9',
  n: '#83b86f',
  N: '#5a8f52',
  r: '#e6705c',
  u: '#79add6',
  U: '#4c82b3',
  d: '#46566b',
};

const GROUNDS = ['#cfe8dc', '#fde2c8', '#d5e3f6', '#f8d9d6', '#e5dcf3', '#f6ecbf'];

const EYES = 'Ek18,26,1.9,2.2 ';

/** @type {Record<string, string>} */
const ANIMALS = {
  fox:
    'To9,9,11,25,23,17 Tp12,13,13,21,19,17 eo24,28,15,12.5 ' +
    'tw11,31,20,32,24,28,28,32,37,31,33,37,24,40,15,37 ' +
    EYES +
    'ek24,35,2.6,2',
  cat:
    'Tg10,10,11,25,22,16 Tp13,14,14,21,19,17 eg24,28,14.5,12.5 ew24,33,6,4.5 ' +
    EYES +
    'ep24,31,2,1.5 Lk9,31l7,1 lk21,34.5q1.5,1.6,3,0q1.5,1.6,3,0',
  panda:
    'Ek12.5,15.5,5.4,5.4 ew24,27.5,15,13.5 Ek17.5,26,4,5,28 Ew18.4,25.5,1.5,1.5 ' +
    'ek24,31.5,2.6,1.9 lk20.5,35q3.5,2.6,7,0',
  owl:
    'Tb10,10,11,25,22,16 eb24,27.5,15,14.5 Ec17.6,25.5,7,7 Ek18.6,25.5,3,3 Ew19.6,24.5,.9,.9 ' +
    'ty24,28,22,31,24,35,26,31 LB19,39l1.5,1.5',
  koala:
    'Eg10,19,7.6,7.6 Ep10.5,19.5,4.4,4.4 eg24,28,14,12.5 Ek17,25.5,1.9,2.2 eG24,30,3.6,5.2 ' +
    'lk21,38q3,1.6,6,0',
  tiger:
    'Eo12.5,16,5.4,5.4 Ep12.5,16,2.4,2.4 eo24,27.5,15,13.5 Ew19.5,33,5.5,4.6 lk24,15v5 ' +
    'Lk19,16l1,4 Lk9.6,27l4,1 Lk10,32l4,-.4 ' +
    EYES +
    'er24,30.6,2.4,1.8 lk24,32v2',
  rabbit:
    'Ew17.5,13.5,4.2,11,-8 Ep17.7,14,1.9,8,-8 ew24,31,13.5,11.5 Ek18.5,29,1.9,2.2 ' +
    'Ep15,33.5,2.4,1.6 ep24,32.6,2,1.5 lk21,35.6q1.5,1.6,3,0q1.5,1.6,3,0',
  penguin:
    'ed24,27.5,15,14.5 Ew18.4,29,7,9 ew24,34,10,7 Ek18.6,26,1.9,2.2 ty20,30,28,30,24,34 ' +
    'Ep14.8,32,2.2,1.5',
  bear:
    'Eb12,16,5.4,5.4 Ec12,16,2.6,2.6 eb24,28,15,13 ec24,33.5,6.5,5.2 ' +
    EYES +
    'ek24,31.4,2.8,2 lk24,33v2.4',
  deer:
    'LB19,16l-3,-10m1.6,5l-5,-2 Eb8.6,21,5.6,3.2,24 eb24,28,11.5,14 ec24,35,7,6 ' +
    'Ek17.6,26,1.9,2.2 ek24,33,2.8,2 Ec20.6,19.4,1.1,1.4 ec24,17.6,1.1,1.4',
  otter:
    'EB11,19,3.6,3.6 eB24,27.5,15,13 ec24,32.5,10.5,7 ' +
    EYES +
    'ek24,29.6,3,2.1 lk20.5,34q1.8,1.8,3.5,0q1.8,1.8,3.5,0 Lk8,32l6,.6',
  seal:
    'eg24,28,15.5,13.5 Ew20,33.5,4.8,4 Ek16.6,25.6,2.8,3.1 Ew17.4,24.6,.9,.9 ' +
    'ek24,30.6,2.4,1.8 Lk8.5,33l6,.4 lk24,32.6v2.4',
  whale:
    'LU24,14q-1,-6,-6,-6 eu24,29,18,13 ew24,37.4,12.5,5.4 Ek13,28,1.7,2 lk17,33.6q7,4.6,14,0 ' +
    'Ep9.6,31.4,1.7,1.2',
  turtle:
    'eb24,34,18,11 lB11,33l7,5m19,-5l-7,5 en24,22,11.5,11.5 Ek19,21.5,1.9,2.2 ' +
    'lk20,27q4,3.4,8,0 Ep16.4,25.6,1.7,1.2',
  hedgehog:
    'tB24,8,29,12,35,11,36,17,41,20,39,25,42,31,38,34,37,40,24,42,11,40,10,34,6,31,9,25,7,20,' +
    '12,17,13,11,19,12 ' +
    'ec24,30,11.5,10.5 Ek19,28,1.9,2.2 ek24,33,2.8,2.2 Ep15.6,32.4,1.8,1.3 ' +
    'lk21.5,36.6q2.5,1.6,5,0',
  squirrel:
    'eO38,20,7,12,18 TO12,8,12,22,20,16 eO24,28,13.5,12.5 Ec17.4,32.6,6,5 ' +
    EYES +
    'ek24,30.4,2,1.5 tw22.6,34,25.4,34,25.4,37,22.6,37',
  frog:
    'En14.6,17,6.4,6.4 en24,29,16.5,12.5 Ew14.6,16.6,4,4 Ek15,16.8,2.1,2.3 lk14,31q10,7,20,0 ' +
    'EN22.4,26,.8,.6 Ep11.6,31,2,1.4',
  duck:
    'Ly24,14q-2,-4,1,-6 ey24,27.5,14.5,14 Ek18,24.6,1.9,2.2 eo24,32,7.4,3.4 ' +
    'lO18.6,32q5.4,1.8,10.8,0 Ep13.6,30,2,1.4',
  swan:
    'ew24,40,9,14 ew24,22,11.5,11 tk15,21,20,24,24,23,28,24,33,21,24,26 Ek18.6,20.6,1.8,2.1 ' +
    'eo24,28,4.6,3.4 lO21,28.4q3,1.2,6,0',
  crab:
    'Lr12,24l-3,-8 Er9,13.6,5,5 Tk9,8,8,12,11,12 Lr18,22v-8 er24,31,16,11 Ew18,14.4,3.4,3.4 ' +
    'Ek18.2,14.6,1.7,1.9 lk19,33q5,3.8,10,0 Ep13.4,32,2.2,1.5',
  sheep:
    'Ew14,18,6.5,6.5 ew24,15,7.5,6.5 Ew11,28,6,6 Ew15,37,6,5.5 ec24,29.5,10.5,11.5 ' +
    'Ec10.4,25,4.4,2.6,20 Ew19.6,19.4,4.4,3.8 Ek19.4,28.4,1.8,2.1 ep24,33.6,2.2,1.6 ' +
    'lk21.4,36.6q2.6,1.8,5.2,0',
  horse:
    'Tb15,8,16,20,21,16 eb24,26,10.5,15 eB24,15,4.4,8 ec24,37,8.4,6.6 Ek18,25,1.9,2.3 ' +
    'Ek21,36.4,.9,1.3 lk21,40q3,1.4,6,0',
  zebra:
    'Tw15,8,16,20,21,16 ew24,26,10.5,15 ed24,13.6,3.2,7 Ld14.4,23l4,-1 Ld14.4,29.6l4.4,-.4 ' +
    'Ld17,17.4l2.4,1.6 eG24,37.4,8,6 Ek18,25.6,1.7,2.1 Ek21,37,.9,1.2',
  elephant:
    'Eg9.6,24,8,11 Ep10,24.6,4.6,7.4 eg24,25,12,12.5 Ek18.4,23.4,1.8,2.1 Tw19,32,18,37,20,37 ' +
    'eg24,36,4,9.4 lG21.4,36h5.2m-5,3.6h4.8',
};

const NUMBERS = /-?[\d.]+/g;

/**
 * @param {string} kind
 * @param {string} colour
 * @param {string} body
 * @returns {string}
 */
function shape(kind, colour, body) {
  if (kind === 'l') {
    return (
      '<path d="M' +
      body +
      '" fill="none" stroke="' +
      colour +
      '" stroke-width="1.6" stroke-linecap="round"/>'
    );
  }
  if (kind === 't') {
    return (
      '<path d="M' +
      body +
      'z" fill="' +
      colour +
      '" stroke="' +
      colour +
      '" stroke-width="2" stroke-linejoin="round"/>'
    );
  }
  const n = body.match(NUMBERS) || [];
  return (
    '<ellipse cx="' +
    n[0] +
    '" cy="' +
    n[1] +
    '" rx="' +
    n[2] +
    '" ry="' +
    n[3] +
    '" fill="' +
    colour +
    '"' +
    (n[4] ? ' transform="rotate(' + n[4] + ' ' + n[0] + ' ' + n[1] + ')"' : '') +
    '/>'
  );
}

/**
 * The SVG document of an avatar; an id that a newer server may send is a plain disc.
 * @param {string} id
 * @returns {string}
 */
function drawing(id) {
  const shapes = (ANIMALS[id] || '').split(' ').filter((word) => word);
  const place = Object.keys(ANIMALS).indexOf(id);
  return (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 48 48"><path d="M0 0h48v48H0z" fill="' +
    (GROUNDS[place % GROUNDS.length] || '#ddd') +
    '"/>' +
    shapes
      .map((word) => {
        const kind = word[0].toLowerCase();
        const one = shape(kind, PALETTE[word[1]], word.slice(2));
        return kind === word[0]
          ? one
          : one + '<g transform="matrix(-1 0 0 1 48 0)">' + one + '</g>';
      })
      .join('') +
    '</svg>'
  );
}

/** @type {Record<string, string>} */
const made = {};

/**
 * What <image src> takes.
 * @param {string} id
 * @returns {string}
 */
function face(id) {
  if (!made[id]) made[id] = 'data:image/svg+xml,' + encodeURIComponent(drawing(id));
  return made[id];
}

module.exports = { face: face, drawing: drawing, ids: Object.keys(ANIMALS) };
