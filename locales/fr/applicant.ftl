# Ce que lit la personne qui attend. Phrases courtes : beaucoup lisent le français avec peine.

## Inscription

register-title = S'inscrire : { $queue }
register-lead = Une page à remplir. Vous recevez tout de suite une preuve datée de votre inscription.
register-without-computer = Vous préférez être aidé ?
register-part-identity = 1. Qui vous êtes
register-part-identity-lead = Écrivez comme sur votre document d'identité.
register-part-papers = 2. Vos numéros
register-part-papers-lead = Le numéro étranger permet souvent de vérifier votre identité tout de suite. Si vous n'en avez pas, laissez vide : un agent verra votre document.
register-part-contact = 3. Comment vous joindre
register-part-contact-lead = Sans téléphone ni adresse électronique, vos convocations sont remises par la préfecture : demandez-les au guichet.
register-part-helper = Si vous inscrivez quelqu'un d'autre
register-helper-open = J'inscris une autre personne
register-helper-lead = Une personne de la famille, une association, un travailleur social ou un avocat peut inscrire quelqu'un, si cette personne l'a demandé. La demande et le rendez-vous restent au nom de la personne. Vous pouvez aider plusieurs personnes. Le nom, la date de naissance et les papiers écrits plus haut sont ceux de la personne que vous aidez.
field-helper-kind = Vous êtes
field-helper-name = Votre nom, ou celui de votre organisation
field-helper-mandate = Je déclare que cette personne m'a demandé de l'inscrire et de suivre sa demande.
field-helper-contact = Le téléphone ou le courriel donné plus haut est le mien, pas celui de la personne.
helper-kind-family = De la famille, ou un proche
helper-kind-association = Une association
helper-kind-social-worker = Un travailleur social
helper-kind-lawyer = Un avocat
helper-kind-other = Quelqu'un d'autre
helper-named-family = famille ou proche
helper-named-association = association
helper-named-social-worker = travailleur social
helper-named-lawyer = avocat
helper-named-other = une autre personne
helper-said = { $name } ({ $kind }) { $to ->
    [person] vous aide
   *[agent] aide cette personne
 } depuis le { $date }. { $mandate ->
    [seen] Mandat vu par un agent : { $seen }.
   *[stated] Mandat déclaré.
 } { $contact ->
    [helper] Le contact donné est celui de l'aidant.
   *[person] Le contact donné est celui de la personne aidée.
 }
data-helper-title = Qui vous aide
data-helper-lead = Si cet aidant ne doit plus parler pour vous, dites-le ici. Si le contact est le sien, le code pour en changer partirait chez lui : demandez plutôt à un agent, au guichet ou par téléphone.
data-helper-end = Cette personne ne m'aide plus
done-helper = C'est noté : cette personne ne parle plus pour vous. Changez le téléphone ou le courriel si c'était le sien.
paper-helper = Aide
register-part-availability = 4. Quand vous pouvez venir
register-part-availability-lead = Tout est coché : décochez seulement ce qui est impossible. Plus vous pouvez venir, plus il y a de places pour vous.
register-part-deadline = 5. Une échéance, si vous en avez une
register-part-deadline-required = 5. Votre échéance
register-part-deadline-lead = Par exemple la fin de votre titre de séjour, ou une autre échéance officielle. Un agent devra voir le justificatif.
register-decision-notice = Les rendez-vous sont attribués par un calcul automatique, selon les règles publiques de la file. Vous pouvez demander qu'une personne réexamine votre situation.
register-identity-later = Si votre identité ne peut pas être vérifiée tout de suite, votre demande est gardée à sa date. Il restera à montrer un document à un agent.
register-identity-later-drawn = Si votre identité ne peut pas être vérifiée tout de suite, votre demande est gardée à sa date et entre quand même dans les tirages. Il restera à montrer un document à un agent.
register-submit = M'inscrire
register-key-reused = Ce formulaire a déjà été envoyé avec d'autres réponses, et cette première inscription est gardée. Ce que vous avez écrit ensuite n'est pas envoyé. Pour inscrire une autre personne, vérifiez le formulaire et envoyez-le de nouveau.

## Retrouver sa demande

look-up-title = Suivre ma demande
look-up-lead = Écrivez la référence de votre demande et votre date de naissance.
look-up-submit = Voir ma demande
look-up-lost = Référence perdue ?
look-up-expired = La page est restée ouverte trop longtemps. Rien n'a été changé. Écrivez de nouveau votre référence et votre date de naissance.
look-up-closed = Par sécurité, la page s'est fermée. Écrivez de nouveau votre référence et votre date de naissance. Si cela se répète, autorisez les cookies de ce site.
look-up-waiting = Par sécurité, la page s'est fermée. Rien n'est perdu : écrivez de nouveau votre référence et votre date de naissance, et ce que vous avez demandé sera fait.
look-up-waiting-draft = Par sécurité, la page s'est fermée. Rien n'est perdu : écrivez de nouveau votre référence et votre date de naissance, et ce que vous avez écrit revient.
look-up-open = Revenir à la demande ouverte
error-look-up-unknown = Aucune demande ne correspond à cette référence et à cette date de naissance. Vérifiez les deux, recopiez la référence depuis votre preuve d'inscription.

## Preuve d'inscription

receipt-title = Votre demande est inscrite
status-title = Votre demande
receipt-heading = Preuve d'inscription
reference-label = Votre référence
reference-keep = Notez-la ou prenez une photo de cette page. Avec votre date de naissance, elle ouvre la page de suivi.
receipt-attestation = { $prefecture } atteste que { $name } est inscrit ou inscrite dans la file « { $queue } » depuis le { $date }.
receipt-attestation-ended = { $prefecture } atteste que { $name } a été inscrit ou inscrite dans la file « { $queue } » du { $date } au { $ended }.

## Ce qui est noté

state-priority = Votre demande est prioritaire, avec l'accord de deux agents.
deadline-seen = Votre échéance est le { $date }. Un agent a vu le justificatif.
deadline-not-seen = Votre échéance est le { $date }, comme vous l'avez indiquée.

steps-title = Ce qui va se passer
step-identity = Un agent voit votre document. Votre demande garde sa date.
step-list = À la date du prochain tirage, la préfecture ferme la liste.
step-draw = Le tirage attribue les places selon les règles de la file.
step-convocation = Si vous avez une place, nous vous envoyons une convocation : date, heure, adresse. Elle est aussi sur cette page.
step-convocation-letter = Si vous avez une place, la convocation est un courrier, remis au guichet ou posté : date, heure, adresse. Elle est aussi sur cette page.
step-no-seat = Sinon, vous restez dans la file pour le tirage suivant, sans rien faire.
step-come = Venez à la date et à l'heure de la convocation.
step-bring = Apportez une pièce d'identité et votre référence.
step-prevented = Si vous ne pouvez pas venir, rendez le rendez-vous dès que possible : quelqu'un d'autre en aura besoin.

estimate-title = Quand aurez-vous un rendez-vous ?
estimate-range = Si rien ne change, huit personnes sur dix dans votre situation reçoivent leur convocation entre le { $from } et le { $to }. Le rendez-vous vient ensuite. C'est une estimation, pas une promesse. Personnes qui attendent : { $waiting }.
estimate-day = Si rien ne change, vous devriez recevoir votre convocation le { $from }. Le rendez-vous vient ensuite. C'est une estimation, pas une promesse. Personnes qui attendent : { $waiting }.
estimate-identity = Nous pourrons l'estimer quand votre identité sera vérifiée : avant, votre demande n'entre dans aucun tirage.
estimate-paused = Nous pourrons l'estimer quand vous aurez repris votre demande.
estimate-no-seats = Nous ne pouvons pas encore donner de date : la préfecture n'a donné aucun rendez-vous ces dernières semaines et n'en a publié aucun. Personnes qui attendent : { $waiting }.
estimate-too-far = Nous ne pouvons pas donner de date honnête : au rythme actuel, il faudrait plus de 200 tirages. Personnes qui attendent : { $waiting }.
estimate-no-draw = Nous ne pouvons pas encore donner de date : aucun tirage n'est prévu. Personnes qui attendent : { $waiting }.

## Convocation

convocation-title = Votre convocation
convocation-bring = Apportez une pièce d'identité, votre référence et les documents de votre dossier.
convocation-personal = Ce rendez-vous est à votre nom. Personne d'autre ne peut l'utiliser.
convocation-issued = { $issue ->
    [1] Convocation émise le { $date }.
   *[other] Convocation émise de nouveau le { $date }, au nom corrigé : { $name } (version { $issue }). Même jour, même heure, même lieu. Les versions d'avant ne sont plus valables.
 }
give-back-title = Je ne peux pas venir
give-back-lead = Rendez le rendez-vous. S'il reste le temps de prévenir quelqu'un, la place ira à un prochain tirage, jamais à une personne choisie.
give-back-free = Jusqu'au { $date }, c'est gratuit et vous gardez votre ancienneté.
give-back-again = Jusqu'au { $date }, vous restez dans la file, mais votre ancienneté repart de zéro : vous avez déjà rendu un rendez-vous.
give-back-untold = Tant que votre convocation ne vous est pas parvenue, et en tout cas jusqu'au { $date }, c'est gratuit et vous gardez votre ancienneté.
give-back-untold-again = Tant que votre convocation ne vous est pas parvenue, et en tout cas jusqu'au { $date }, vous restez dans la file, mais votre ancienneté repart de zéro : vous avez déjà rendu un rendez-vous.
convocation-untold = Le message ou le courrier qui vous convoque n'est pas encore parti. S'il ne vous parvient pas avant le rendez-vous, une absence ne vous coûte rien.
convocation-posted = Votre convocation est postée. Elle compte comme reçue le { $date }.
convocation-too-late = Votre convocation est postée, mais elle compte comme reçue le { $date } seulement, après l'heure du rendez-vous. Une absence ne vous coûte rien.
give-back-then = Après : { $cost } Cela prendrait effet au plus tôt { $days } jours plus tard, et vous pourriez contester.
give-back-late = Il est tard pour rendre ce rendez-vous. Si vous le rendez maintenant : { $cost } Cela prendra effet au plus tôt dans { $days } jours, et vous pourrez contester.
give-back-confirm = Oui, je rends ce rendez-vous
give-back-action = Rendre le rendez-vous
error-confirm-give-back = Cochez « Oui, je rends ce rendez-vous » pour confirmer.

## Tirages passés

your-draws-title = Vos tirages
your-draws-none = Votre demande n'est encore entrée dans aucun tirage.
column-result = Résultat
result-annulled = Tirage annulé : il ne compte pas.
result-pending = Liste fermée, tirage à venir.
result-won = Vous avez eu un rendez-vous.
result-no-class = Aucune place ne convenait à vos disponibilités, en comptant le temps de vous prévenir.
result-lost = Pas de rendez-vous cette fois.
result-lost-narrow = Pas de rendez-vous cette fois. Vous pouviez accepter trop peu de places : ce tirage n'ajoute rien à votre ancienneté.
result-lost-grows = Pas de rendez-vous cette fois. Votre ancienneté augmente.
proof-title = Étiez-vous dans la liste ?
proof-text = Pour chaque tirage : votre ligne dans la liste publiée, votre place, vos chances, et de quoi le vérifier chez vous.
proof-action = Voir ma ligne
proof-pid = Code de tirage (pid)
proof-salt = Code secret

## Ma ligne dans un tirage

my-line-title = Votre ligne : { $draw }
my-line-in = Oui, vous étiez dans la liste, parmi { $entries } { $entries ->
        [one] demande
       *[other] demandes
    }.
my-line-place = Le sort vous a donné le rang { $place } sur { $entries }. Il y avait { $seats } { $seats ->
        [one] place
       *[other] places
    }.
my-line-won = Vous avez eu un rendez-vous.
my-line-lost = Vous n'avez pas eu de rendez-vous cette fois : les places qui vous convenaient sont allées à des personnes mieux placées par le sort ou par les règles.
my-line-waiting = Le tirage n'a pas encore eu lieu. Il y a { $seats } { $seats ->
        [one] place
       *[other] places
    }. Le hasard sera connu le { $date }.
my-line-odds = Vos chances étaient d'environ { $odds }.
my-line-honest = Ces chances sont une estimation : elles comptent votre tour et le nombre de places, pas les jours où chacun peut venir.
my-line-heading = Votre ligne dans la liste
my-line-day = Jour d'inscription compté
my-line-reserve = Places réservées : numéro
my-line-classes = Demi-journées qui vous convenaient
my-line-more = et { $n } de plus
my-line-check = Vérifier chez vous
my-line-check-text = À cette adresse, prenez la liste publiée : votre ligne y est. Votre code secret prouve qu'elle est à vous.
my-line-address = Adresse
my-line-entry = Numéro interne de la demande
my-line-ticket = Votre ticket
my-line-secret = Gardez le code secret pour vous. Ne le donnez qu'à qui doit vérifier.
my-line-print = Vous pouvez imprimer cette page et la garder.
my-line-file = Télécharger la preuve (fichier)
my-line-public = Ce tirage, en public
my-line-verifier = Vérifier le tirage dans votre navigateur

## Messages

contact-title = Comment nous vous prévenons
contact-phone = Par SMS, au numéro qui finit par { $tail }.
contact-phone-unused = Nous n'envoyons pas de SMS au numéro qui finit par { $tail }.
contact-email = Par courriel, à { $address }.
contact-none = Par courrier remis par la préfecture : demandez vos convocations au guichet.
notices-title = Messages
notice-kind-receipt = Preuve d'inscription
notice-kind-identity-wanted = Identité à vérifier
notice-kind-identity-warning = Rappel : identité à vérifier
notice-kind-convocation = Convocation
notice-kind-reissued = Convocation émise de nouveau
notice-kind-reminder = Rappel de rendez-vous
notice-kind-cancellation = Rendez-vous annulé
notice-kind-missed = Rendez-vous manqué
notice-kind-apology = Excuses de la préfecture
notice-kind-withdrawal = Demande retirée
notice-kind-moved = Changement de file
notice-kind-changed = Demande modifiée
notice-kind-closure = Demande fermée
notice-kind-incomplete = Dossier incomplet
notice-kind-penalty-upheld = Réponse à votre contestation
notice-kind-penalty-lifted = Réponse à votre contestation
notice-way-sms = SMS
notice-way-email = courriel
notice-way-letter = courrier
notice-state-pending = à envoyer
notice-state-sending = en cours d'envoi
notice-state-accepted = remis à l'opérateur
notice-state-handed-over = remis
notice-state-posted = posté
notice-state-delivered = reçu
notice-state-rejected = refusé
notice-state-undelivered = non reçu
notice-state-unknown = envoi incertain
notice-state-expired = devenu inutile
notice-state-superseded = remplacé
notice-state-withheld = non envoyé : votre identité n'est pas vérifiée, cette page le remplace

## Changer

change-title = Changer ou arrêter
change-availability = Changer mes disponibilités
change-availability-lead = Cochez tous les jours où vous pouvez venir. Plus vous pouvez venir, plus il y a de places pour vous.
change-availability-submit = Enregistrer
pause-title = Mettre ma demande en pause
pause-text = En pause, votre demande garde sa date et son ancienneté, mais n'entre dans aucun tirage. Vous pouvez la reprendre quand vous voulez.
pause-action = Mettre en pause
resume-action = Reprendre
withdraw-title = Retirer ma demande
withdraw-late = Il est tard pour rendre votre rendez-vous. Si vous retirez votre demande maintenant, cela vaut aussi pour une nouvelle demande : { $cost } Cela prendra effet au plus tôt dans { $days } jours, et vous pourrez contester.
withdraw-text = Votre demande quitte la file et perd son ancienneté. Si vous avez un rendez-vous, il est annulé. On ne peut pas revenir en arrière.
withdraw-confirm = Oui, je retire ma demande
withdraw-action = Retirer ma demande
error-confirm-withdraw = Cochez « Oui, je retire ma demande » pour confirmer.
error-confirm-erase = Cochez « Oui, effacer mes données pour toujours » pour confirmer.
done-availability = Vos disponibilités sont enregistrées. Elles comptent à partir de la prochaine liste.
done-paused = Votre demande est en pause.
done-resumed = Votre demande a repris.
done-withdrawn = Votre demande est retirée.
done-given-back = Le rendez-vous est rendu. Merci de l'avoir dit.
status-close-text = Sur un ordinateur ou un téléphone partagé, fermez votre demande avant de partir. Sans cela, elle reste ouverte trente minutes.
status-close = Fermer ma demande
done-objected = Votre contestation est enregistrée. Rien ne change avant la décision d'un agent. Nous vous écrirons.

## Rendez-vous manqué ou rendu tard

penalties-title = Rendez-vous manqué ou rendu tard
object-title = Contester
object-online = Contester en ligne
object-field = Dites ce qui s'est passé, en quelques phrases
object-action = Envoyer la contestation
object-yours = Ce que vous avez dit :
status-help = Une question, une erreur ?

# Mes données
data-title = Mes données
data-held-title = Ce que nous gardons
data-held-more = Nous gardons aussi vos disponibilités, vos tirages, vos rendez-vous et les messages envoyés. Tout est dans le fichier.
data-file = Télécharger toutes mes données
data-file-hint = Un fichier JSON, avec la preuve de vos tirages et la liste des lectures. Un programme sait le lire.
data-birth-name = Nom de naissance
data-given-names = Prénoms
data-birth-date = Date de naissance
data-foreigner-number = Numéro étranger
data-document = Document
data-phone = Téléphone
data-email = Courriel
data-language = Langue des messages
data-kept-days = Vos données sont effacées { $days } jours après la fin de votre demande.
data-kept-until = Vos données sont effacées le { $date }.
data-erase-title = Effacer mes données
data-erase-live = Pour les effacer avant, retirez d'abord votre demande, sur la page de votre demande.
data-erase-soon = Vous pourrez les effacer vous-même à partir du { $date }. D'ici là, nous vous prévenons que la demande est finie : si ce n'est pas vous qui l'avez retirée, vous avez le temps de le dire.
data-erase-now = Effacer mes données maintenant
data-erase-lead = Votre nom, vos numéros et vos contacts sont détruits. Personne ne peut plus les lire ni les retrouver, même nous. Vous ne pourrez plus ouvrir cette page. Les tirages publiés restent : ils ne disent pas qui vous êtes.
data-erase-confirm = Oui, effacer mes données pour toujours
data-erase-action = Effacer mes données
erased-title = Vos données sont effacées
erased-done = C'est fait : plus rien ici ne dit qui vous êtes.
erased-left = Les copies de sauvegarde de la préfecture les gardent encore, le temps qu'elles soient remplacées. Vous pouvez fermer cette page.
data-link = Mes données, et qui les a lues
review-link = Demander qu'une personne examine ma demande
review-title = Demander qu'une personne examine ma demande
review-lead = Le tirage décide tout seul qui a un rendez-vous, d'après les règles de la file.
review-rules = Lire ces règles
review-limits = Vous pouvez demander qu'un agent relise votre demande : une erreur dans votre dossier, une situation particulière, une décision que vous ne comprenez pas. Il vous répond par écrit. Demander ne vous fait perdre ni votre place, ni vos chances.
review-past = Ce que vous avez demandé
review-ask = Écrire à un agent
review-days = La réponse vient en { $days } jours au plus. Vous en êtes prévenu.
review-field = Que doit-il regarder ?
review-submit = Envoyer
review-asked = Demandé le { $date }
review-due = Réponse attendue au plus tard le { $date }.
review-answered = Réponse du { $date }
done-review = Votre demande est envoyée. Un agent la lit et vous répond.
notice-kind-review-answered = Réponse à votre demande d'examen
data-readings-title = Qui a ouvert votre dossier
data-readings-lead = Chaque fois qu'un agent ouvre votre dossier, c'est noté. Vous voyez quand, où et pourquoi.
data-readings-none = Personne n'a ouvert votre dossier.
data-reading = { $at } : { $role }, { $place }. Motif : { $purpose }.{ $n ->
    [one] {""}
   *[other] {" "}({ $n } fois ce jour-là)
 }
data-visits-title = Quand votre page a été ouverte
data-visits-lead = Avec votre référence et votre date de naissance, ou avec un code reçu sur votre téléphone ou par courriel. Si ce n'était pas vous, appelez la préfecture.
data-visit = { $n ->
    [one] { $first }
   *[other] { $n } fois, la première le { $first }, la dernière le { $last }
 }
data-role-agent = un agent
data-role-manager = un responsable
data-role-auditor = un contrôleur
data-role-administrator = un administrateur
data-purpose-entry = traiter votre demande
data-purpose-search = vous retrouver à votre demande
data-purpose-counter = votre rendez-vous au guichet
data-purpose-identity = vérifier votre identité
data-purpose-pair = comparer deux demandes qui se ressemblent
data-purpose-message = préparer ou relire un message pour vous
data-purpose-decision = une décision qui vous concerne

# Référence perdue
lost-title = Retrouver ma demande sans la référence
lost-link = Retrouver ma demande avec mon téléphone
lost-lead = Écrivez le téléphone ou le courriel donné à l'inscription, et votre date de naissance. S'ils correspondent à une demande, un code y est envoyé.
lost-contact = Téléphone ou courriel
lost-submit = Recevoir un code
lost-otherwise = Vous n'avez plus ce téléphone ? Allez au guichet ou appelez la préfecture : un agent retrouve votre demande avec vos papiers.
lost-code-title = Votre code
lost-code-lead = Si ce contact et cette date de naissance correspondent à une demande, un code de 6 chiffres vient d'y être envoyé.
code-field = Code de 6 chiffres
code-hint = Il sert une fois, pendant 10 minutes. Ne le donnez à personne.
code-submit = Valider le code
code-again = Recommencer
code-not-arrived = Rien reçu ? Attendez deux minutes, puis recommencez. Ou demandez de l'aide :
code-message = Passage : votre code est { $code }. Il sert une fois, pendant 10 minutes. Ne le donnez à personne, même à un agent.
code-subject = Passage : votre demande
contact-changed-message = Passage ({ $prefecture }) : le téléphone ou le courriel de votre demande vient de changer. Si ce n'est pas vous, appelez la préfecture tout de suite.
found-title = Vos demandes
found-lead = Plusieurs demandes ont ce contact et cette date de naissance. Choisissez la vôtre.
found-about = { $queue }, { $prefecture }, inscrite le { $date }
found-open = Ouvrir
data-contact-title = Changer de téléphone ou de courriel
data-contact-lead = Écrivez tout ce qui doit servir ensuite. Un code est envoyé à l'ancien contact, pour être sûr que c'est vous.
data-contact-submit = Recevoir le code
data-contact-otherwise = Vous n'avez plus l'ancien téléphone ? Un agent peut le changer avec vous :
data-code-title = Confirmer le changement
data-code-lead = Un code de 6 chiffres vient d'être envoyé à votre ancien contact. Écrivez-le ici, et le changement est fait.
done-contact = Votre contact est changé. L'ancien a reçu un message.

taken-over-message = Passage : une demande faite avec ce contact a été reprise par la personne qui a prouvé son identité. Une question ? Allez à la préfecture avec vos papiers.

# FranceConnect
franceconnect-title = FranceConnect
franceconnect-offer = Vérifier votre identité tout de suite
franceconnect-offer-lead = Si vous avez un compte FranceConnect (impôts, Ameli, La Poste…), votre identité est vérifiée tout de suite : vous n'avez pas de document à montrer avant le rendez-vous. Faites-le avant de remplir cette page. Ce n'est pas obligatoire.
franceconnect-button = S'identifier avec
franceconnect-what = Qu'est-ce que FranceConnect ?
franceconnect-what-title = Qu'est-ce que FranceConnect ? – nouvelle fenêtre
franceconnect-stated = FranceConnect a vérifié votre identité : { $name }, { $birth }.
franceconnect-not-me = Ce n'est pas moi : me déconnecter de FranceConnect
franceconnect-leave = Me déconnecter de FranceConnect
franceconnect-back = Revenir à la page d'avant
franceconnect-cancelled = Vous avez arrêté avant la fin. Rien n'est changé. Vous pouvez recommencer, ou continuer sans FranceConnect.
franceconnect-over = Cette identification est déjà finie, a duré plus de dix minutes, ou a commencé dans un autre navigateur. Retournez à la page de l'inscription ou de votre demande, et recommencez.
franceconnect-away = FranceConnect ne répond pas pour l'instant. Rien n'est perdu. Réessayez plus tard, ou continuez sans FranceConnect : un agent verra votre document.
franceconnect-doubtful = La réponse de FranceConnect n'a pas pu être vérifiée. Votre identité n'est pas confirmée. Réessayez, ou continuez sans FranceConnect : un agent verra votre document.
franceconnect-partial = FranceConnect n'a pas donné votre nom ou votre année de naissance. Continuez sans FranceConnect : un agent verra votre document.
franceconnect-left = Vous êtes déconnecté de FranceConnect.
franceconnect-still-there = FranceConnect ne répond pas : vous y êtes peut-être encore connecté. Sur un ordinateur partagé, fermez le navigateur.
